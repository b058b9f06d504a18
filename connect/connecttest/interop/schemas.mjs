// Runs the clients that check each answer against a schema: jira.js 6 and
// confluence.js 3. A mismatch fails the check.
import { strict as assert } from "node:assert";
import { createCloudClient } from "jira.js-6";
import { createV1Client } from "confluence.js-3";
import { check, person, site } from "./checks.mjs";

const as = (create, p) =>
  create({ host: site.url, auth: { type: "basic", email: p.email, apiToken: p.token }, onSchemaMismatch: "throw" });

const lead = person("mlindqvist");
const admin = person("iokonjo");
const developer = person("creyes");
const jira = as(createCloudClient, lead);
const byAdmin = as(createCloudClient, admin);
const jql = "project = HARB ORDER BY key";

await check("who and where", async () => {
  assert.equal((await jira.myself.getCurrentUser()).accountId, lead.accountId);
  assert.equal((await jira.serverInfo.getServerInfo()).deploymentType, "Cloud");
  assert.equal((await jira.jiraSettings.getConfiguration()).timeTrackingEnabled, true);
  assert.equal((await byAdmin.timeTracking.getSelectedTimeTrackingImplementation()).key, "JIRA");
  assert((await byAdmin.timeTracking.getSharedTimeTrackingConfiguration()).workingHoursPerDay > 0);
  await jira.permissions.getMyPermissions({ permissions: "BROWSE_PROJECTS", projectKey: "HARB" });
});

await check("lists", async () => {
  assert((await jira.issueFields.getFields()).length > 10);
  assert((await byAdmin.issueFields.getFieldsPaginated({ query: "point" })).values.length > 0);
  assert((await jira.workflowStatuses.getStatuses()).length > 2);
  assert((await jira.issueTypes.getIssueAllTypes()).length > 2);
  await jira.labels.getAllLabels({});
  assert((await jira.projects.searchProjects({})).values.length > 1);
  assert.equal((await jira.projects.getProject({ projectIdOrKey: "HARB" })).key, "HARB");
  await jira.projectComponents.getProjectComponents({ projectIdOrKey: "HARB" });
  await jira.projectVersions.getProjectVersions({ projectIdOrKey: "HARB" });
  assert((await jira.projectRoles.getProjectRoleDetails({ projectIdOrKey: "HARB" })).length > 0);
  assert((await byAdmin.projectRoles.getAllProjectRoles()).length > 0);
  assert((await byAdmin.issueNotificationSchemes.getNotificationSchemes({ expand: "all" })).values.length > 0);
});

await check("search", async () => {
  const first = await jira.issueSearch.searchAndReconsileIssuesUsingJql({ jql, maxResults: 20, fields: ["*all"], expand: "names,schema" });
  assert.equal(first.issues.length, 20);
  const next = await jira.issueSearch.searchAndReconsileIssuesUsingJqlPost({ jql, maxResults: 20, nextPageToken: first.nextPageToken });
  assert.notEqual(next.issues[0].id, first.issues[0].id);
  assert((await jira.issueSearch.countIssues({ jql })).count > 20);
  const ids = first.issues.map((i) => Number(i.id));
  const { matches } = await jira.issueSearch.matchIssues({ issueIds: ids, jqls: [jql, "project = VALT"] });
  assert.equal(matches[0].matchedIssues.length, 20);
  assert.equal((await jira.issues.bulkFetchIssues({ issueIdsOrKeys: ["HARB-1", "HARB-2"], fields: ["summary"] })).issues.length, 2);
  assert((await jira.jql.parseJqlQueries({ queries: [jql], validation: "strict" })).queries[0].structure);
  assert((await jira.jql.getAutoComplete()).visibleFieldNames.length > 5);
});

await check("an issue's life", async () => {
  const fields = {
    project: { key: "HARB" }, issuetype: { name: "Task" }, summary: "Made by a client with schemas",
    description: "A first *line*", assignee: { accountId: developer.accountId },
  };
  const made = await jira.issues.createIssue({ fields });
  const issueIdOrKey = made.key;
  const got = await jira.issues.getIssue({ issueIdOrKey, expand: "names,schema,transitions" });
  assert.equal(got.fields.assignee.accountId, developer.accountId);
  assert.equal(got.fields.description.type, "doc");
  await jira.issues.assignIssue({ issueIdOrKey, accountId: lead.accountId });
  const { transitions } = await jira.issues.getTransitions({ issueIdOrKey });
  await jira.issues.doTransition({ issueIdOrKey, transition: { id: transitions.at(-1).id } });
  const { values } = await jira.issues.getChangeLogs({ issueIdOrKey });
  assert(values.some((v) => v.items.some((i) => i.field === "status")), JSON.stringify(values));
  await jira.issues.deleteIssue({ issueIdOrKey });
});

await check("worklogs", async () => {
  const issueIdOrKey = "HARB-1";
  const made = await jira.issueWorklogs.addWorklog({ issueIdOrKey, timeSpentSeconds: 5400, started: "2026-01-05T09:00:00.000+0000" });
  assert.equal(made.timeSpent, "1h 30m");
  const { worklogs } = await jira.issueWorklogs.getIssueWorklog({ issueIdOrKey });
  assert(worklogs.some((w) => w.id === made.id));
  const { values } = await jira.issueWorklogs.getIdsOfWorklogsModifiedSince({ since: 0 });
  assert((await jira.issueWorklogs.getWorklogsForIds({ ids: [values[0].worklogId] })).length === 1);
  await jira.issueWorklogs.getIdsOfWorklogsDeletedSince({ since: 0 });
  await jira.issueWorklogs.deleteWorklog({ issueIdOrKey, id: made.id });
});

await check("people", async () => {
  assert.equal((await jira.userSearch.findUsers({ query: "mara" }))[0].accountId, lead.accountId);
  assert((await jira.userSearch.findAssignableUsers({ project: "HARB" })).length > 1, "without a query everybody");
  assert((await jira.userSearch.findUsersForPicker({ query: "mara" })).total === 1);
  assert((await jira.userSearch.findUsersByQuery({ query: "is assignee of HARB" })).values.length > 1);
  assert((await jira.groups.findGroups({ query: "" })).groups.length > 0);
  await byAdmin.users.getAllUsers({ maxResults: 5 });
});

await check("dashboards and filters", async () => {
  const { dashboards } = await jira.dashboards.getAllDashboards({});
  assert(dashboards.length > 0);
  await jira.dashboards.getDashboard({ id: dashboards[0].id });
  await jira.dashboards.getDashboardsPaginated({});
  const made = await jira.filters.getFiltersPaginated({ expand: "jql" });
  assert(made.values.length > 0);
  await jira.filters.getFilter({ id: Number(made.values[0].id) });
  await jira.filters.getFavouriteFilters({});
});

const confluence = as(createV1Client, lead);

await check("Confluence", async () => {
  assert.equal((await confluence.users.getCurrentUser({})).accountId, lead.accountId);
  assert.equal((await confluence.users.getUser({ accountId: developer.accountId })).displayName, developer.displayName);
  assert.equal((await confluence.users.getAnonymousUser({})).type, "anonymous");
  assert((await confluence.users.getGroupMembershipsForUser({ accountId: lead.accountId })).results.length > 1);
  const accountId = [lead.accountId, developer.accountId];
  assert.equal((await confluence.users.getBulkUserLookup({ accountId: accountId.join(",") })).results.length, 2);
  await confluence.contentWatches.getContentWatchStatus({ contentId: site.objects.content[0], accountId: lead.accountId });
  await confluence.contentWatches.isWatchingSpace({ spaceKey: site.objects.spaces[0], accountId: lead.accountId });
  await confluence.contentWatches.isWatchingLabel({ labelName: site.objects.labels[0], accountId: lead.accountId });
});
