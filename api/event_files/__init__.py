"""An event's schedule as files for people: workbook, printed sheets, calendars, JSON."""
