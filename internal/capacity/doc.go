// Package capacity compares what is due with the working time that is left: week by
// week for each person, from Jira's working hours, public holidays, and each
// person's own hours and absences.
//
// It is pure: no clock, no network, no store. The caller that fetches the input
// decides what a person may see.
package capacity
