"""A small app with PyJWT and Python's own HTTP server. It prints its address and lives
as long as its standard input is open."""

import hashlib
import http.server
import json
import os
import pathlib
import sys
import threading
import time
import urllib.parse
import urllib.request

import jwt

KEYS = os.environ["CONNECT_KEYS_CDN_URL"]
tenants = {}  # shared secret and address of each site, by client key


class Refused(Exception):
    pass


def query_hash(method, path, pairs):
    """The hash of the canonical request that a token is bound to."""
    values = {}
    for name, value in pairs:
        if name != "jwt":
            values.setdefault(name, []).append(value)
    quote = lambda text: urllib.parse.quote(text, safe="-._~")
    query = "&".join(
        quote(name) + "=" + ",".join(sorted(quote(v) for v in values[name]))
        for name in sorted(values, key=quote)
    )
    canonical = "&".join([method.upper(), path.replace("&", "%26") or "/", query])
    return hashlib.sha256(canonical.encode()).hexdigest()


class App(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        self.serve()

    def do_POST(self):
        self.serve()

    def serve(self):
        url = urllib.parse.urlsplit(self.path)
        self.pairs = urllib.parse.parse_qsl(url.query, keep_blank_values=True)
        self.where = url.path
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        routes = {
            "/atlassian-connect.json": self.descriptor,
            "/installed": self.installed,
            "/uninstalled": self.uninstalled,
            "/enabled": self.moved,
            "/disabled": self.moved,
            "/gadget": self.gadget,
            "/context": self.context,
            "/myself": self.myself,
        }
        try:
            answer = routes[url.path](body)
        except KeyError:
            return self.answer(404, {})
        except (Refused, jwt.PyJWTError) as err:
            print(self.path, repr(err), file=sys.stderr)
            return self.answer(401, {"error": str(err)})
        self.answer(200, answer)

    def answer(self, status, value):
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def token(self):
        header = self.headers.get("Authorization", "")
        found = header[4:] if header.startswith("JWT ") else dict(self.pairs).get("jwt", "")
        if not found:
            raise Refused("no token")
        return found

    def bound(self, claims):
        """Refuses a token that was made for another request."""
        if claims.get("qsh") != query_hash(self.command, self.where, self.pairs):
            raise Refused("the token is bound to another request")
        return claims

    def by_site(self):
        """The claims of a token that a site signed with its shared secret."""
        token = self.token()
        issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
        if issuer not in tenants:
            raise Refused("the site is unknown")
        return jwt.decode(token, tenants[issuer]["secret"], algorithms=["HS256"], options={"require": ["exp", "iat", "iss"], "verify_aud": False})

    def by_atlassian(self, body):
        """The body of an install call, which Atlassian's private key signs."""
        token = self.token()
        key = urllib.parse.quote(jwt.get_unverified_header(token)["kid"], safe="")
        with urllib.request.urlopen(f"{KEYS}/{key}", timeout=5) as answer:
            public = answer.read()
        claims = jwt.decode(token, public, algorithms=["RS256"], audience=address, options={"require": ["exp", "iat", "iss", "aud"]})
        installation = json.loads(body)
        if self.bound(claims)["iss"] != installation["clientKey"]:
            raise Refused("the token is another site's")
        return installation

    def descriptor(self, _):
        text = pathlib.Path("atlassian-connect.json").read_text()
        return json.loads(text.replace("{{localBaseUrl}}", address))

    def installed(self, body):
        site = self.by_atlassian(body)
        tenants[site["clientKey"]] = {"secret": site["sharedSecret"], "url": site["baseUrl"]}
        return {}

    def uninstalled(self, body):
        tenants.pop(self.by_atlassian(body)["clientKey"], None)
        return {}

    def moved(self, _):
        self.bound(self.by_site())
        return {}

    def gadget(self, _):
        return {"userAccountId": self.bound(self.by_site()).get("sub"), "query": dict(self.pairs)}

    def context(self, _):
        claims = self.by_site()
        if claims.get("qsh") != "context-qsh":
            raise Refused("not a context token")
        return {"userAccountId": claims.get("sub")}

    def myself(self, _):
        """Asks Jira, as the app, who it is."""
        site = tenants[self.by_site()["iss"]]
        path, now = "/rest/api/3/myself", int(time.time())
        claims = {"iss": "com.example.interop", "iat": now, "exp": now + 60, "qsh": query_hash("GET", path, [])}
        token = jwt.encode(claims, site["secret"], algorithm="HS256")
        request = urllib.request.Request(site["url"] + path, headers={"Authorization": "JWT " + token})
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.load(answer)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
server.daemon_threads = True
address = f"http://127.0.0.1:{server.server_port}"
threading.Thread(target=server.serve_forever, daemon=True).start()
print(address, flush=True)
sys.stdin.read()
