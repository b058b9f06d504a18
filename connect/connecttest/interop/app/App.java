import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A small app with nothing but the JDK. It prints its address and lives as long as its
 * standard input is open.
 */
public class App {
  static final String KEYS = System.getenv("CONNECT_KEYS_CDN_URL");
  static final Map<String, Site> SITES = new ConcurrentHashMap<>(); // by client key
  static String address;

  record Site(String secret, String url) {}

  static class Refused extends Exception {
    Refused(String why) {
      super(why);
    }
  }

  static byte[] decoded(String part) {
    return Base64.getUrlDecoder().decode(part);
  }

  static String text(String part) {
    return new String(decoded(part), StandardCharsets.UTF_8);
  }

  /** A member of a flat JSON object, or null. */
  static String member(String json, String name) {
    Matcher m = Pattern.compile("\"" + name + "\"\\s*:\\s*(?:\\[\\s*)?(?:\"([^\"]*)\"|(-?\\d+))").matcher(json);
    return !m.find() ? null : m.group(1) != null ? m.group(1) : m.group(2);
  }

  static String quoted(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A").replace("%7E", "~");
  }

  /** The hash of the canonical request that a token is bound to. */
  static String queryHash(String method, String path, String query) throws GeneralSecurityException {
    TreeMap<String, TreeSet<String>> values = new TreeMap<>();
    if (query != null) {
      for (String pair : query.split("&")) {
        String[] sides = pair.split("=", 2);
        String name = URLDecoder.decode(sides[0], StandardCharsets.UTF_8);
        String value = sides.length < 2 ? "" : URLDecoder.decode(sides[1], StandardCharsets.UTF_8);
        if (!name.equals("jwt")) values.computeIfAbsent(quoted(name), any -> new TreeSet<>()).add(quoted(value));
      }
    }
    StringBuilder canonical = new StringBuilder(method + "&" + (path.isEmpty() ? "/" : path.replace("&", "%26")) + "&");
    String between = "";
    for (var each : values.entrySet()) {
      canonical.append(between).append(each.getKey()).append('=').append(String.join(",", each.getValue()));
      between = "&";
    }
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(sha.digest(canonical.toString().getBytes(StandardCharsets.UTF_8)));
  }

  static byte[] mac(String secret, String signed) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
  }

  final HttpExchange call;
  final String body;

  App(HttpExchange call) throws IOException {
    this.call = call;
    this.body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
  }

  String[] token() throws Refused {
    String header = call.getRequestHeaders().getFirst("Authorization");
    String query = call.getRequestURI().getRawQuery();
    String token = "";
    if (header != null && header.startsWith("JWT ")) token = header.substring(4);
    else if (query != null) {
      for (String pair : query.split("&")) if (pair.startsWith("jwt=")) token = pair.substring(4);
    }
    String[] parts = token.split("\\.");
    if (parts.length != 3) throw new Refused("no token");
    return parts;
  }

  String timely(String claims) throws Refused {
    String until = member(claims, "exp");
    if (until == null || Long.parseLong(until) < Instant.now().getEpochSecond()) throw new Refused("the token has ended");
    return claims;
  }

  /** The claims of a token that a site signed with its shared secret. */
  String bySite() throws Exception {
    String[] parts = token();
    String claims = text(parts[1]);
    String issuer = member(claims, "iss");
    Site site = issuer == null ? null : SITES.get(issuer);
    if (site == null || !"HS256".equals(member(text(parts[0]), "alg"))) throw new Refused("the site or the algorithm is unknown");
    if (!MessageDigest.isEqual(mac(site.secret, parts[0] + "." + parts[1]), decoded(parts[2]))) throw new Refused("the signature is wrong");
    return timely(claims);
  }

  String bound(String claims) throws Exception {
    URI uri = call.getRequestURI();
    String wanted = queryHash(call.getRequestMethod(), uri.getRawPath(), uri.getRawQuery());
    if (!wanted.equals(member(claims, "qsh"))) throw new Refused("the token is bound to another request");
    return claims;
  }

  /** The client key of an install call, which Atlassian's private key signs. */
  String byAtlassian() throws Exception {
    String[] parts = token();
    String header = text(parts[0]);
    if (!"RS256".equals(member(header, "alg"))) throw new Refused("the algorithm is wrong");
    URI key = URI.create(KEYS + "/" + quoted(member(header, "kid")));
    HttpResponse<String> answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(key).build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) throw new Refused("the key is unknown");
    String pem = answer.body().replaceAll("-----[A-Z ]+-----|\\s", "");
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(pem))));
    signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.UTF_8));
    String claims = text(parts[1]);
    String site = member(body, "clientKey");
    if (!signature.verify(decoded(parts[2]))) throw new Refused("the signature is wrong");
    if (!address.equals(member(claims, "aud")) || !site.equals(member(claims, "iss"))) throw new Refused("the token is for another app or site");
    bound(timely(claims));
    return site;
  }

  String account(String claims) {
    return "{\"userAccountId\":\"" + member(claims, "sub") + "\"}";
  }

  /** Asks Jira, as the app, who it is. */
  String myself(Site site) throws Exception {
    String path = "/rest/api/3/myself";
    long now = Instant.now().getEpochSecond();
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String claims = "{\"iss\":\"com.example.interop\",\"iat\":" + now + ",\"exp\":" + (now + 60) + ",\"qsh\":\"" + queryHash("GET", path, null) + "\"}";
    String signed = base64.encodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes()) + "." + base64.encodeToString(claims.getBytes());
    String token = signed + "." + base64.encodeToString(mac(site.secret, signed));
    HttpRequest ask = HttpRequest.newBuilder(URI.create(site.url + path)).header("Authorization", "JWT " + token).build();
    return HttpClient.newHttpClient().send(ask, HttpResponse.BodyHandlers.ofString()).body();
  }

  String answer() throws Exception {
    switch (call.getRequestURI().getPath()) {
      case "/atlassian-connect.json":
        return Files.readString(Path.of("atlassian-connect.json")).replace("{{localBaseUrl}}", address);
      case "/installed":
        SITES.put(byAtlassian(), new Site(member(body, "sharedSecret"), member(body, "baseUrl")));
        return "{}";
      case "/uninstalled":
        SITES.remove(byAtlassian());
        return "{}";
      case "/enabled", "/disabled":
        bound(bySite());
        return "{}";
      case "/gadget":
        return account(bound(bySite()));
      case "/context":
        String claims = bySite();
        if (!"context-qsh".equals(member(claims, "qsh"))) throw new Refused("not a context token");
        return account(claims);
      case "/myself":
        return myself(SITES.get(member(bySite(), "iss")));
      default:
        return null;
    }
  }

  static void serve(HttpExchange call) throws IOException {
    int status = 200;
    String answer;
    try {
      answer = new App(call).answer();
      if (answer == null) status = 404;
    } catch (Refused refused) {
      System.err.println(call.getRequestURI().getPath() + " " + refused.getMessage());
      status = 401;
      answer = null;
    } catch (Exception wrong) {
      wrong.printStackTrace();
      status = 500;
      answer = null;
    }
    byte[] data = (answer == null ? "{}" : answer).getBytes(StandardCharsets.UTF_8);
    call.getResponseHeaders().set("Content-Type", "application/json");
    call.sendResponseHeaders(status, data.length);
    call.getResponseBody().write(data);
    call.close();
  }

  public static void main(String[] none) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext("/", App::serve);
    server.setExecutor(Executors.newCachedThreadPool(run -> {
      Thread thread = new Thread(run);
      thread.setDaemon(true);
      return thread;
    }));
    address = "http://127.0.0.1:" + server.getAddress().getPort();
    server.start();
    System.out.println(address);
    System.in.readAllBytes();
    System.exit(0);
  }
}
