"""Runs python3-jira against the site: "cloud", or "dc", the Data Center site."""

import sys

from jira import JIRA, JIRAError

from checks import check, person, site

dc = sys.argv[1] == "dc"
lead, developer, reader = person("mlindqvist"), person("creyes"), person("rpetrie")
address = site["url"] + ("/dc" if dc else "")


def connect(p):
    name = p["username"] if dc else p["email"]
    return JIRA(address, basic_auth=(name, p["token"]), max_retries=0)


client = connect(lead)


def refused(status, call):
    try:
        got = call()
    except JIRAError as err:
        assert err.status_code == status, f"{err.status_code}, want {status}: {err.text}"
        return err.text
    raise AssertionError(f"answered with {got}, want {status}")


def who(user):
    """What names a user here."""
    return user.name if dc else user.accountId


def named(p):
    return p["username"] if dc else p["accountId"]


@check("connect")
def _():
    info = client.server_info()
    assert info["deploymentType"] == ("Server" if dc else "Cloud"), info
    assert info["baseUrl"] == address, info
    me = client.myself()
    assert me["name" if dc else "accountId"] == named(lead), me
    assert client._version >= (10,), client._version


@check("wrong token")
def _():
    stranger = dict(lead, token="wrong")
    refused(401, lambda: connect(stranger).myself())


@check("lists")
def _():
    fields = {f["id"]: f for f in client.fields()}
    assert {"summary", "assignee", "timeestimate"} <= fields.keys(), fields.keys()
    assert len(client.statuses()) > 2
    assert len(client.priorities()) > 2
    assert {p.key for p in client.projects()} >= {"HARB", "VALT"}
    assert client.project("HARB").lead.displayName
    assert "VALT" not in {p.key for p in connect(reader).projects()}


@check("dashboards")
def _():
    boards = client.dashboards()
    assert boards.total >= 1 and boards[0].id, boards
    assert client.dashboard(boards[0].id).name == boards[0].name


@check("search")
def _():
    query = "project = HARB AND status != Done ORDER BY key"
    if not dc:  # as on the real site, whose search by places is gone
        assert "search/jql" in refused(410, lambda: client.search_issues(query))
        return
    first = client.search_issues(query, maxResults=10)
    assert len(first) == 10 and first.total > 10, (len(first), first.total)
    rest = client.search_issues(query, startAt=10, maxResults=False, fields="summary,assignee")
    assert len(rest) == first.total - 10, (len(rest), first.total)
    assert not {i.key for i in first} & {i.key for i in rest}
    assert any(i.fields.assignee and who(i.fields.assignee) == named(developer) for i in list(first) + rest)
    refused(400, lambda: client.search_issues("project = = HARB"))
    sees = connect(reader).search_issues("project in (HARB)", fields="summary")
    assert sees.total > 0
    refused(400, lambda: connect(reader).search_issues("project = VALT"))


@check("issues")
def _():
    key = "name" if dc else "accountId"
    fields = {
        "project": {"key": "HARB"},
        "issuetype": {"name": "Task"},
        "summary": "Made by a client in Python",
        "description": "A first line",
        "assignee": {key: named(developer)},
    }
    issue = client.create_issue(fields=fields)
    assert issue.fields.summary == "Made by a client in Python"
    assert issue.fields.description == "A first line"
    assert who(issue.fields.assignee) == named(developer)
    issue.update(fields={"summary": "Changed", "assignee": {key: named(lead)}})
    issue = client.issue(issue.key, fields="summary,assignee")
    assert issue.fields.summary == "Changed"
    assert who(issue.fields.assignee) == named(lead)
    done = next(t for t in client.transitions(issue) if t["to"]["statusCategory"]["key"] == "done")
    client.transition_issue(issue, done["id"])
    assert client.issue(issue.key).fields.status.statusCategory.key == "done"
    issue.delete()
    refused(404, lambda: client.issue(issue.key))
    refused(404, lambda: connect(reader).issue("VALT-1"))


@check("worklogs")
def _():
    before = len(client.worklogs("HARB-1"))
    made = client.add_worklog("HARB-1", timeSpent="1h 30m", comment="Looked into it")
    assert made.timeSpentSeconds == 5400, made.raw
    assert who(made.author) == named(lead), made.raw
    assert len(client.worklogs("HARB-1")) == before + 1
    assert client.worklog("HARB-1", made.id).comment == "Looked into it"
    made.delete()
    assert len(client.worklogs("HARB-1")) == before
