// A small app on atlassian-connect-express, as one follows from the
// framework's documentation. It prints its address and lives as long as its
// standard input is open.
import { once } from "node:events";
import { createServer } from "node:http";
import express from "express";
import ace from "atlassian-connect-express";
import OAuth2 from "atlassian-connect-express/lib/internal/oauth2.js";

// The framework's own stores need a database server or native code.
class MemoryStore {
  values = new Map();
  key = (key, clientKey) => `${clientKey} ${key}`;
  async get(key, clientKey) {
    return this.values.get(this.key(key, clientKey)) ?? null;
  }
  async set(key, value, clientKey) {
    this.values.set(this.key(key, clientKey), value);
    return value;
  }
  async del(key, clientKey) {
    this.values.delete(this.key(key, clientKey));
  }
  saveInstallation(value, clientKey) {
    return this.set("clientInfo", value, clientKey);
  }
  isMemoryStore() {
    return true;
  }
}
ace.store.register("memory", () => new MemoryStore());

// Where the framework gets people's tokens is the one address of Atlassian's
// that it has no setting for. The local site gives them out itself.
OAuth2.prototype.getAuthorizationServer = (hostBaseUrl) => hostBaseUrl;

const app = express();
const server = createServer(app).listen(0, "127.0.0.1");
await once(server, "listening");
process.env.AC_LOCAL_BASE_URL = `http://127.0.0.1:${server.address().port}`;

const logger = { info() {}, warn: console.error, error: console.error };
const addon = ace(app, { config: { production: { store: { adapter: "memory" } } } }, logger, listen);
app.use(express.json(), express.urlencoded({ extended: false }), addon.middleware());

const events = [];
addon.on("host_settings_saved", () => events.push("installed"));
addon.on("jira:issue_updated", (event, body, req) => events.push(`${event} ${body.issue.key} ${req.context.userAccountId}`));
const lifecycle = (event) => (req, res) => {
  events.push(event);
  res.sendStatus(204);
};
app.post("/enabled", addon.authenticate(), lifecycle("enabled"));
app.post("/disabled", addon.authenticate(), lifecycle("disabled"));
app.post("/uninstalled", addon.authenticateInstall(), async (req, res) => {
  await addon.settings.del("clientInfo", req.context.clientKey);
  lifecycle("uninstalled")(req, res);
});
app.get("/events", (req, res) => res.json(events));

const who = (req, res) => {
  const { userAccountId, clientKey, hostBaseUrl, token } = req.context;
  res.json({ userAccountId, clientKey, hostBaseUrl, token, query: req.query });
};
app.get("/gadget", addon.authenticate(), who);
app.get("/session", addon.checkValidToken(), who);
app.get("/context", addon.authenticate(true), who);
app.get("/administration", addon.authenticate(true), addon.authorizeJira({ global: ["ADMINISTER"] }), who);

// A call to Jira as the app or as the person of the session; its answer is
// passed on.
app.post("/call", addon.checkValidToken(), (req, res) => {
  const { as, method, uri, json = true } = req.body;
  const client = addon.httpClient(req);
  const caller = as === "user" ? client.asUserByAccountId(req.context.userAccountId) : client;
  caller[method]({ uri, json }, (err, response, body) => {
    res.status(err ? 502 : 200).json(err ? { error: String(err) } : { status: response.statusCode, body });
  });
});

function listen() {
  console.log(addon.descriptor.baseUrl);
}
process.stdin.resume().on("end", () => process.exit());
