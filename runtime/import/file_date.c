/* file_date.c: finds a date in a file's name. Uses clock for what a date is. */
#include "import/file_date.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"

static size_t digits_at(const char *p) { return strspn(p, "0123456789"); }

static bool separates(char c) { return c == '-' || c == '_' || c == '.'; }

static bool date_of(const char *year, int month, int day, int64_t *out) {
	char text[24];
	snprintf(text, sizeof text, "%.4s-%02d-%02d", year, month, day);
	return clock_date(str_of(text), out);
}

/* How many bytes from p, where digits begin, are a date? The years of exports: a number such as 7781-12 is no month. */
static size_t date_at(const char *p, int64_t *out) {
	char month[3] = {0}, day[3] = {0};
	size_t n = digits_at(p);
	bool parts = n == 4 && separates(p[4]) && digits_at(p + 5) == 2;
	if ((n != 8 && !parts) || (memcmp(p, "19", 2) != 0 && memcmp(p, "20", 2) != 0))
		return 0;
	memcpy(month, parts ? p + 5 : p + 4, 2);
	if (n == 8)
		memcpy(day, p + 6, 2);
	else if (p[7] == p[4] && digits_at(p + 8) == 2)
		memcpy(day, p + 8, 2);
	if (day[0])
		return date_of(p, atoi(month), atoi(day), out) ? (parts ? 10 : 8) : 0;
	for (int last = 31; last >= 28; last--)
		if (date_of(p, atoi(month), last, out))
			return 7;
	return 0;
}

bool file_date(const char *path, int64_t *out) {
	const char *slash = strrchr(path, '/');
	bool found = false;
	for (const char *p = slash ? slash + 1 : path; *p;) {
		size_t digits = digits_at(p);
		int64_t t;
		size_t n = digits ? date_at(p, &t) : 0;
		if (n) {
			*out = t;
			found = true;
		}
		p += n ? n : digits ? digits : 1;
	}
	return found;
}
