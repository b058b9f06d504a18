// Reading tokens, for show.

// decodeToken reads a JWT's header and claims without checking it.
export function decodeToken(token) {
  const [header, claims] = String(token).split('.').map(decodePart);
  return { header: header ?? {}, claims: claims ?? {} };
}

function decodePart(part) {
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
