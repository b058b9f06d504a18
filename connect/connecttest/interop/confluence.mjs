// Runs confluence.js against the site.
import { strict as assert } from "node:assert";
import { ConfluenceClient } from "confluence.js";
import { basic, check, person, refused, site } from "./checks.mjs";

// Two of the three header parameters are not the library's to give: it has a
// setting that sends the header with every call.
const as = (p, noCheckAtlassianToken = false) => new ConfluenceClient({ host: site.url, authentication: basic(p), noCheckAtlassianToken });

const lead = person("mlindqvist");
const admin = person("iokonjo");
const developer = person("creyes");
const client = as(lead);
const noCheck = { "X-Atlassian-Token": "no-check" };

await check("users", async () => {
  const me = await client.users.getCurrentUser();
  assert.equal(me.accountId, lead.accountId);
  assert.equal(me.email, lead.email);
  assert.equal(me.type, "known");
  const full = await client.users.getCurrentUser({ expand: ["operations", "personalSpace"] });
  assert(full.operations.length > 0);
  const nobody = await client.users.getAnonymousUser();
  assert.equal(nobody.type, "anonymous");
  await refused(401, as({ email: lead.email, token: "wrong" }).users.getCurrentUser());
});

await check("groups", async () => {
  const all = await client.users.getGroupMembershipsForUser({ accountId: lead.accountId });
  assert(all.results.length > 1);
  assert.equal(all.results[0].type, "group");
  const page = await client.users.getGroupMembershipsForUser({ accountId: lead.accountId, start: 1, limit: 1 });
  assert.deepEqual(page.results.map((g) => g.name), [all.results[1].name]);
});

await check("users by id", async () => {
  const accountId = [lead, developer].map((p) => p.accountId);
  const { results } = await client.users.getBulkUserLookup({ accountId: accountId.join(",") });
  assert.deepEqual(results.map((u) => u.accountId), accountId);
  assert.equal(results[1].displayName, developer.displayName);
});

await check("e-mail addresses are for approved apps", async () => {
  await refused(400, client.users.getPrivacyUnsafeUserEmail({ accountId: admin.accountId }));
  await refused(400, client.users.getPrivacyUnsafeUserEmailBulk({ accountId: admin.accountId }));
});

await check("content watches", async () => {
  const { contentWatches } = client;
  const one = { contentId: site.objects.content[0], accountId: lead.accountId };
  const watching = async () => (await contentWatches.getContentWatchStatus(one)).watching;
  assert.equal(await watching(), false);
  await refused(403, contentWatches.addContentWatcher(one));
  await as(lead, true).contentWatches.addContentWatcher(one);
  assert.equal(await watching(), true);
  await contentWatches.removeContentWatcher({ ...one, ...noCheck });
  assert.equal(await watching(), false);
  await refused(403, contentWatches.getContentWatchStatus({ contentId: "1" }));
});

await check("label watches", async () => {
  const { contentWatches } = client;
  const one = { labelName: site.objects.labels[0], accountId: lead.accountId };
  const watching = async () => (await contentWatches.isWatchingLabel(one)).watching;
  assert.equal(await watching(), false);
  await contentWatches.addLabelWatcher({ ...one, ...noCheck });
  assert.equal(await watching(), true);
  await refused(403, contentWatches.removeLabelWatcher(one));
  await as(lead, true).contentWatches.removeLabelWatcher(one);
  assert.equal(await watching(), false);
});

await check("space watches", async () => {
  const { contentWatches } = as(admin, true);
  const one = { spaceKey: site.objects.spaces[0], accountId: developer.accountId };
  const watching = async () => (await contentWatches.isWatchingSpace(one)).watching;
  assert.equal(await watching(), false);
  await contentWatches.addSpaceWatcher({ ...one, ...noCheck });
  assert.equal(await watching(), true, "an administrator makes somebody else watch");
  await refused(403, client.contentWatches.addSpaceWatcher(one));
  await contentWatches.removeSpaceWatch(one);
  assert.equal(await watching(), false);
});

await check("user properties", async () => {
  const { userProperties } = client;
  const one = { userId: lead.accountId, key: "interop-settings" };
  await refused(404, userProperties.getUserProperty(one));
  await refused(404, userProperties.updateUserProperty({ ...one, value: { theme: "none" } }));
  await userProperties.createUserProperty({ ...one, value: { theme: "dark" } });
  await refused(409, userProperties.createUserProperty({ ...one, value: { theme: "none" } }));
  const got = await userProperties.getUserProperty(one);
  assert.equal(got.key, one.key);
  assert.deepEqual(got.value, { theme: "dark" });
  await userProperties.updateUserProperty({ ...one, value: { theme: "light" } });
  assert.deepEqual((await userProperties.getUserProperty(one)).value, { theme: "light" });
  await userProperties.createUserProperty({ ...one, key: "another", value: { on: true } });
  const { results } = await userProperties.getUserProperties({ userId: lead.accountId });
  assert.deepEqual(results.map((p) => p.key).sort(), ["another", one.key]);
  const page = await userProperties.getUserProperties({ userId: lead.accountId, start: 1, limit: 1 });
  assert.equal(page.results.length, 1);
  await refused(400, userProperties.createUserProperty({ ...one, key: "not.allowed", value: { theme: "none" } }));
  await userProperties.deleteUserProperty(one);
  await refused(404, userProperties.getUserProperty(one));
});
