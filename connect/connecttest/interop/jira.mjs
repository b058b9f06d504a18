// Runs jira.js against the site: its client of the REST API's version 2 or 3,
// as the first argument says.
import { strict as assert } from "node:assert";
import { Version2Client, Version3Client } from "jira.js";
import { basic, check, person, refused, site } from "./checks.mjs";

const version = process.argv[2];
const Client = version === "2" ? Version2Client : Version3Client;
const as = (p) => new Client({ host: site.url, authentication: basic(p) });

const lead = person("mlindqvist"); // owns the shared dashboard, administers the projects
const admin = person("iokonjo");
const developer = person("creyes");
const elsewhere = person("ytanabe"); // works on HARB, not on VALT
const reader = person("rpetrie"); // does not see the private project
const unlisted = person("tfaleolo"); // may not browse users
const client = as(lead);
const ids = (list) => list.map((u) => u.accountId);

await check("myself", async () => {
  const me = await client.myself.getCurrentUser();
  assert.equal(me.accountId, lead.accountId);
  assert.equal(me.emailAddress, lead.email);
  assert.equal(me.timeZone, lead.timeZone);
  const other = await client.users.getUser({ accountId: developer.accountId });
  assert.equal(other.displayName, developer.displayName);
  assert.equal(other.emailAddress, undefined, "the address of somebody else");
});

await check("wrong token", async () => {
  const stranger = as({ email: lead.email, token: "wrong" });
  await refused(401, stranger.myself.getCurrentUser());
});

await check("find users", async () => {
  const byName = await client.userSearch.findUsers({ query: "ma" });
  assert.deepEqual(ids(byName), [lead.accountId]);
  const byId = await client.userSearch.findUsers({ accountId: admin.accountId });
  assert.deepEqual(ids(byId), [admin.accountId]);
  const page = await client.userSearch.findUsers({ query: "", startAt: 1, maxResults: 2 });
  assert.equal(page.length, 2);
  assert.deepEqual(await as(unlisted).userSearch.findUsers({ query: "ma" }), []);
  await refused(400, client.userSearch.findUsers());
});

await check("find users by property", async () => {
  const propertyKey = "interopOffice"; // a key with a dot cannot be searched for
  await client.userProperties.setUserProperty({ accountId: lead.accountId, propertyKey, propertyValue: { city: "Gothenburg" } });
  const found = await client.userSearch.findUsers({ property: `${propertyKey}.city=Gothenburg` });
  assert.deepEqual(ids(found), [lead.accountId]);
  const query = `[${propertyKey}].city is "Gothenburg"`;
  assert.deepEqual(ids((await client.userSearch.findUsersByQuery({ query })).values), [lead.accountId]);
  await client.userProperties.deleteUserProperty({ accountId: lead.accountId, propertyKey });
  assert.deepEqual(await client.userSearch.findUsers({ property: `${propertyKey}.city=Gothenburg` }), []);
});

await check("find assignable users", async () => {
  const find = (parameters) => client.userSearch.findAssignableUsers(parameters);
  const ofProject = await find({ project: "VALT", query: "" });
  assert(ids(ofProject).includes(lead.accountId) && !ids(ofProject).includes(reader.accountId), JSON.stringify(ofProject));
  assert.deepEqual(ids(await find({ issueKey: "VALT-1", accountId: lead.accountId })), [lead.accountId]);
  assert.equal((await find({ project: "VALT", query: "", maxResults: 1 })).length, 1);
  await refused(400, find({ query: "a" }));
  await refused(404, as(reader).userSearch.findAssignableUsers({ project: "VALT", query: "" }));
});

await check("find users assignable to several projects", async () => {
  const found = await client.userSearch.findBulkAssignableUsers({ projectKeys: "HARB,VALT", query: "" });
  assert(ids(found).includes(lead.accountId), "who works on both");
  assert(!ids(found).includes(elsewhere.accountId), "who works on one of them");
  assert.deepEqual(ids(await client.userSearch.findBulkAssignableUsers({ projectKeys: "HARB", accountId: developer.accountId })), [developer.accountId]);
  await refused(404, client.userSearch.findBulkAssignableUsers({ projectKeys: "NOPE", query: "" }));
});

await check("find users with permissions", async () => {
  const permissions = "BROWSE,ASSIGN_ISSUE";
  const found = await client.userSearch.findUsersWithAllPermissions({ permissions, projectKey: "VALT", query: "" });
  assert(ids(found).includes(lead.accountId) && !ids(found).includes(reader.accountId), JSON.stringify(found));
  await refused(400, client.userSearch.findUsersWithAllPermissions({ permissions: "NO_SUCH", projectKey: "VALT", query: "" }));
  await refused(403, as(developer).userSearch.findUsersWithAllPermissions({ permissions, projectKey: "HARB", query: "" }));
});

await check("find users with browse permission", async () => {
  const found = await client.userSearch.findUsersWithBrowsePermission({ issueKey: "VALT-1", query: "" });
  assert(ids(found).includes(lead.accountId) && !ids(found).includes(reader.accountId), JSON.stringify(found));
  await refused(400, client.userSearch.findUsersWithBrowsePermission({ issueKey: "VALT-1" }));
});

await check("find users for picker", async () => {
  const found = await client.userSearch.findUsersForPicker({ query: "mara", showAvatar: true });
  assert.equal(found.total, 1);
  assert.equal(found.users[0].accountId, lead.accountId);
  assert.match(found.users[0].html, /<strong>Mara<\/strong> Lindqvist/);
  assert.match(found.users[0].avatarUrl, /^http/);
  assert.match(found.header, /1 of 1/);
  const without = await client.userSearch.findUsersForPicker({ query: "mara", excludeAccountIds: [lead.accountId] });
  assert.equal(without.total, 0);
  assert.equal((await as(unlisted).userSearch.findUsersForPicker({ query: "mara" })).total, 0);
  assert.equal((await as(unlisted).userSearch.findUsersForPicker({ query: "Mara Lindqvist" })).total, 1);
});

await check("find users by structured query", async () => {
  const { fields } = await client.issues.getIssue({ issueIdOrKey: "HARB-1", fields: ["reporter"] });
  const query = "is reporter of (HARB-1)";
  const page = await client.userSearch.findUsersByQuery({ query });
  assert.deepEqual(ids(page.values), [fields.reporter.accountId]);
  assert.equal(page.startAt, 0);
  const keys = await client.userSearch.findUserKeysByQuery({ query, maxResult: 50 });
  assert.deepEqual(ids(keys.values), [fields.reporter.accountId]);
  assert.equal(keys.maxResults, 50);
  const both = await client.userSearch.findUsersByQuery({ query: `is assignee of HARB OR ${query}` });
  assert(both.values.length > 1);
  await refused(400, client.userSearch.findUsersByQuery({ query: "is friend of HARB" }));
  await refused(403, as(unlisted).userSearch.findUsersByQuery({ query }));
});

await check("user properties", async () => {
  const { userProperties } = client;
  const own = { accountId: lead.accountId, propertyKey: "interop.settings" };
  await refused(404, userProperties.getUserProperty(own));
  for (const propertyValue of [{ theme: "dark" }, { theme: "light", rows: [1, 2] }]) {
    await userProperties.setUserProperty({ ...own, propertyValue });
    assert.deepEqual(await userProperties.getUserProperty(own), { key: own.propertyKey, value: propertyValue });
  }
  const { keys } = await userProperties.getUserPropertyKeys({ accountId: lead.accountId });
  assert.deepEqual(keys.map((k) => k.key), [own.propertyKey]);
  await refused(403, as(developer).userProperties.getUserProperty(own));
  assert.equal((await as(admin).userProperties.getUserProperty(own)).value.theme, "light");
  await userProperties.deleteUserProperty(own);
  await refused(404, userProperties.deleteUserProperty(own));
  await refused(400, userProperties.setUserProperty({ propertyKey: own.propertyKey, propertyValue: {} }));
});

const board = site.objects.dashboards.find((d) => d.owner === lead.accountId);

await check("dashboard item properties", async () => {
  const { dashboards } = client;
  const item = { dashboardId: board.id, itemId: board.items[0].id };
  const one = { ...item, propertyKey: "interop.config" };
  assert.equal((await dashboards.getDashboard(board.id)).name, board.name);
  await refused(404, dashboards.getDashboardItemProperty(one));
  for (const propertyValue of [["HARB"], "a text", { window: 14, title: "Crew" }]) {
    await dashboards.setDashboardItemProperty({ ...one, propertyValue });
    assert.deepEqual(await dashboards.getDashboardItemProperty(one), { key: one.propertyKey, value: propertyValue });
  }
  const { keys } = await dashboards.getDashboardItemPropertyKeys(item);
  assert.deepEqual(keys.map((k) => k.key), [one.propertyKey]);
  assert.equal((await as(developer).dashboards.getDashboardItemProperty(one)).value.window, 14, "the dashboard is shared");
  await refused(403, as(developer).dashboards.setDashboardItemProperty({ ...one, propertyValue: {} }));
  await dashboards.deleteDashboardItemProperty(one);
  await refused(404, dashboards.getDashboardItemProperty(one));
  await refused(404, dashboards.getDashboard("99999"));
});

const text = (value) => (version === "2" ? value : value.content[0].content[0].text);

await check("issues", async () => {
  const { issues } = client;
  const fields = {
    project: { key: "HARB" }, issuetype: { name: "Task" }, summary: "Made by somebody else's client",
    description: "A first line", assignee: { accountId: developer.accountId },
  };
  const made = await issues.createIssue({ fields });
  assert.match(made.key, /^HARB-\d+$/);
  const issue = { issueIdOrKey: made.key };
  let got = await issues.getIssue(issue);
  assert.equal(got.id, made.id);
  assert.equal(got.fields.summary, "Made by somebody else's client");
  assert.equal(text(got.fields.description), "A first line");
  assert.equal(got.fields.assignee.accountId, developer.accountId);
  await issues.editIssue({ ...issue, fields: { summary: "Changed", description: "Another line" } });
  await issues.assignIssue({ ...issue, accountId: lead.accountId });
  const { transitions } = await issues.getTransitions(issue);
  const done = transitions.find((t) => t.to.statusCategory.key === "done");
  await issues.doTransition({ ...issue, transition: { id: done.id } });
  got = await issues.getIssue({ ...issue, fields: ["summary", "description", "assignee", "status"] });
  assert.deepEqual(Object.keys(got.fields).sort(), ["assignee", "description", "status", "summary"]);
  assert.equal(text(got.fields.description), "Another line");
  assert.equal(got.fields.assignee.accountId, lead.accountId);
  assert.equal(got.fields.status.statusCategory.key, "done");
  await issues.deleteIssue(issue);
  await refused(404, issues.getIssue(issue));
  await refused(404, as(reader).issues.getIssue({ issueIdOrKey: "VALT-1" }));
});

await check("search by JQL", async () => {
  const { issueSearch } = client;
  const jql = "project = HARB ORDER BY key";
  const first = await issueSearch.searchForIssuesUsingJqlEnhancedSearch({ jql, maxResults: 2, fields: ["summary", "status"] });
  assert.equal(first.issues.length, 2);
  assert(first.issues[0].fields.status.name);
  const second = await issueSearch.searchForIssuesUsingJqlEnhancedSearchPost({ jql, maxResults: 2, nextPageToken: first.nextPageToken });
  assert.notEqual(second.issues[0].id, first.issues[0].id);
  await refused(400, issueSearch.searchForIssuesUsingJqlEnhancedSearch({ jql: "project = = HARB" }));
  await refused(410, issueSearch.searchForIssuesUsingJql({ jql }));
});

await check("worklogs", async () => {
  const { issueWorklogs } = client;
  const issueIdOrKey = "HARB-1";
  const before = await issueWorklogs.getIssueWorklog({ issueIdOrKey });
  const made = await issueWorklogs.addWorklog({
    issueIdOrKey, comment: "Looked into it", started: "2026-01-05T09:00:00.000+0000", timeSpentSeconds: 5400, adjustEstimate: "leave",
  });
  assert.equal(made.timeSpent, "1h 30m");
  assert.equal(text(made.comment), "Looked into it");
  const one = { issueIdOrKey, id: made.id };
  const changed = await issueWorklogs.updateWorklog({ ...one, comment: "Found it", timeSpent: "2h", adjustEstimate: "new", newEstimate: "1d" });
  assert.equal(changed.timeSpentSeconds, 7200);
  const got = await issueWorklogs.getWorklog(one);
  assert.equal(text(got.comment), "Found it");
  assert.equal(got.author.accountId, lead.accountId);
  assert.equal((await issueWorklogs.getIssueWorklog({ issueIdOrKey })).total, before.total + 1);
  const window = { startedAfter: Date.parse("2026-01-05T00:00:00Z"), startedBefore: Date.parse("2026-01-06T00:00:00Z") };
  const { worklogs } = await issueWorklogs.getIssueWorklog({ issueIdOrKey, ...window });
  assert.deepEqual(worklogs.map((w) => w.id), [made.id]);
  const [listed] = await issueWorklogs.getWorklogsForIds({ ids: [Number(made.id)] });
  assert.equal(listed.timeSpentSeconds, 7200);
  const { fields } = await client.issues.getIssue({ issueIdOrKey, fields: ["timetracking"] });
  assert.equal(fields.timetracking.remainingEstimateSeconds, 28800);
  await issueWorklogs.deleteWorklog(one);
  await refused(404, issueWorklogs.getWorklog(one));
});

// What changed within the last minute is not among the changes yet.
await check("changed worklogs", async () => {
  const { issueWorklogs } = client;
  const first = await issueWorklogs.getIdsOfWorklogsModifiedSince({ since: 0 });
  assert(first.values.length > 0);
  const [{ worklogId, updatedTime }] = first.values;
  const [worklog] = await issueWorklogs.getWorklogsForIds({ ids: [worklogId] });
  assert.equal(worklog.id, String(worklogId));
  assert.equal(Date.parse(worklog.updated), updatedTime);
  const none = await issueWorklogs.getIdsOfWorklogsModifiedSince({ since: Date.now() });
  assert.deepEqual([none.values, none.lastPage], [[], true]);
  const gone = await issueWorklogs.getIdsOfWorklogsDeletedSince({ since: Date.now() });
  assert.deepEqual([gone.values, gone.lastPage], [[], true]);
});

await check("project roles", async () => {
  const { projectRoles } = client;
  const links = await projectRoles.getProjectRoles("HARB");
  const id = Number(links.Developers.split("/").at(-1));
  const developers = await projectRoles.getProjectRole({ projectIdOrKey: "HARB", id });
  assert(developers.actors.some((a) => a.actorUser.accountId === developer.accountId));
  const details = await projectRoles.getProjectRoleDetails("HARB");
  assert(details.some((r) => r.id === id && r.name === "Developers"));
  const mine = await projectRoles.getProjectRoleDetails({ projectIdOrKey: "HARB", currentMember: true });
  assert(mine.length > 0 && mine.length < details.length);
  const role = { name: "Interop", description: "Made by somebody else's client" };
  const made = await as(admin).projectRoles.createProjectRole(role);
  assert.equal(made.name, role.name);
  assert.equal(made.description, role.description);
  await refused(409, as(admin).projectRoles.createProjectRole(role));
  await refused(403, projectRoles.createProjectRole({ name: "Another" }));
  assert((await projectRoles.getProjectRoles("HARB"))[role.name], "the new role is in every project");
});

await check("notification schemes", async () => {
  const schemes = as(admin).issueNotificationSchemes;
  const all = await schemes.getNotificationSchemes();
  assert(all.values.length >= 2);
  assert.equal(all.total, all.values.length);
  const first = await schemes.getNotificationSchemes({ startAt: 0, maxResults: 1, expand: "all" });
  assert.equal(first.values.length, 1);
  assert.equal(first.isLast, false);
  assert(first.values[0].notificationSchemeEvents.length > 0);
  const wanted = all.values[1];
  assert.deepEqual((await schemes.getNotificationSchemes({ id: [String(wanted.id)] })).values.map((s) => s.id), [wanted.id]);
  assert.equal((await schemes.getNotificationSchemes({ onlyDefault: true })).values.length, 1);
  assert.equal((await as(developer).issueNotificationSchemes.getNotificationSchemes()).total, 0, "nothing for who administers nothing");
});

await check("attachments", async () => {
  const { issueAttachments } = client;
  const settings = await issueAttachments.getAttachmentMeta();
  assert.equal(settings.enabled, true);
  assert(settings.uploadLimit > 0);
  const { fields } = await client.issues.getIssue({ issueIdOrKey: "HARB-1", fields: ["attachment"] });
  const [listed] = fields.attachment;
  assert(site.objects.attachments.includes(listed.id), `${listed.id} of ${site.objects.attachments}`);
  const got = await issueAttachments.getAttachment(listed.id);
  assert.equal(got.filename, listed.filename);
  assert.equal(got.size, listed.size);
  assert.equal(String(got.id), listed.id);
  const content = await issueAttachments.getAttachmentContent(listed.id);
  assert.equal(content.byteLength, listed.size);
  await refused(404, issueAttachments.getAttachment("1"));
});

await check("time tracking", async () => {
  const provider = await as(admin).timeTracking.getSelectedTimeTrackingImplementation();
  assert.equal(provider.key, "JIRA");
});
