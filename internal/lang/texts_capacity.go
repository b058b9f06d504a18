package lang

// CapacityTexts are those of working time, in the view and in the form.
type CapacityTexts struct {
	Closed, ClosedHelp string // a field of statuses that are not open
	Opened, OpenedHelp string // and of those that are though they are done
	SameStatus         string // %s name, %s id
	Weeks              string // names somebody's four weeks: %s whose
	Week               string // %s first day, %s last day, %s due, %s left, %s unit, %s day of the comparison
	WeekOver           string // the same, where it does not fit
	WeekFree           string // nothing is due: %s first day, %s last day, %s left, %s unit
	Late               string // %s overdue, %s unit
	Undated            string // %s remaining, %s unit
	Blank              Plural // %s issues without an estimate
	NoRoster           string
	NoCalendar         string

	Heading, Help          string // of the part of the form
	Load                   string
	ByMedian, ByCapacity   string
	Heavy, Light, DueSoon  string
	ThresholdHelp          string
	Region, RegionHelp     string
	NoRegion               string
	Holidays               string // heads the list of days
	HolidaysHelp           string
	DaysOff, DaysOffHelp   string
	People, PeopleHelp     string
	FindPeople, NoPeople   string
	PeopleFailed           string
	HoursADay              string // %s whose
	WorkingDays            string // %s whose
	Away, AwayHint         string // %s whose; a placeholder
	RemovePerson           string // %s whose
	UsualHours             string // %s hours
	Calendar, CalendarHelp string
	CalendarRead           Plural // %s events
	CalendarUnreadable     Plural // %s events
	CalendarProblem        CalendarTexts
}

// CalendarTexts say why a calendar cannot be read.
type CalendarTexts struct{ Address, Private, Unreachable, Refused, Large, Broken, Waiting string }

// WeighingTexts say what is wrong with fields of working time.
type WeighingTexts struct {
	Load, Region, Hours string
	Percent             Plural // %s limit
	Order               string // %s percent
	DueSoon             Plural // %s limit
	Day, Away           string // %s text
	ManyDays, ManyAway  Plural // %s limit
	ManyPeople          Plural // %s limit
	Calendar            string
}
