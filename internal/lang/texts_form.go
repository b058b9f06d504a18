package lang

// FormTexts are those of the configuration form.
type FormTexts struct {
	Projects, SearchProjects, NoSuchProject string
	Chosen, ChosenProjects                  string // before a count; names a list
	Remove                                  string // %s project
	HiddenProject                           string // marks one
	MoreProjects, SearchFailed              string
	Team, TeamHelp, Everybody               string
	ByRole, ByQuery, ByGroup, ByTeam        string
	GroupHelp, FindGroup, NoGroup           string
	AtlassianHelp, FindTeam                 string
	NoTeam, NoTeamField                     string
	RoleNumber                              string // %s
	NoRole, RolesHidden, SomeRolesHidden    string // the last: %s projects
	RoleMembersHidden                       string // %s projects
	NoProjectForRole, RolesFailed           string
	Query, QueryHelp                        string
	People, MorePeople                      Plural // %s found
	AndMore                                 Plural // %s not shown
	QueryRefused, QueryForbidden, QuerySlow string
	QueryFailed                             string
	LoggedTime, LoggedTimeHelp              string
	LastDays                                Plural // %s
	ThisWeek, LastWeek, ThisMonth           string
	LastMonth, ThisQuarter, LastQuarter     string
	Range, From, To                         string
	FromTo                                  string // %s first day, %s last day
	Counts                                  string // %s days
	Zone, ZoneHelp                          string
	OddZone                                 string // %s what was stored
	ShowTimeIn, Hours, Days                 string
	DayIs                                   string // %s hours a day, %s days a week
	NoTimeTracking                          string
	Title, Refresh                          string
	Every                                   Plural // %s minutes
	EveryHour, Never                        string
	Columns, ColumnsHelp                    string
	Wallboard, WallboardHelp                string
	ColumnUp, ColumnDown                    string // name a button: %s column
	ColumnMoved                             string // said after it: {0} column, {1} its place, {2} of how many
	Save, Cancel                            string
	ShowGadget                              string // after saving
}

// WrongTexts say what is wrong with a field.
type WrongTexts struct {
	NoProjects, NotProject, Twice string // the last two: %s key
	TooManyProjects, TitleLong    Plural // %s limit
	Control, Role, Window         string
	Query                         string // %s position, %s what is there
	QueryEnds, NoQuery, Team      string
	TwoTeams, Refresh             string
	Group, AtlassianTeam          string
	Range                         Plural // %s days
	Unit, NotVisible              string // the last: %s projects
	Zone, Columns                 string
}
