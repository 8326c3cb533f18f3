/* clock.c: dates and times as unix seconds UTC, in the proleptic Gregorian calendar. */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

int64_t clock_now(void) { return (int64_t)time(NULL); }

int64_t clock_ticks(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Days since 1970-01-01 (H. Hinnant's days_from_civil). */
static int64_t days_from(int64_t y, int m, int d) {
	y -= m <= 2;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year = y - era * 400;
	int64_t day = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + year * 365 + year / 4 - year / 100 + day - 719468;
}

static bool digits(str s, size_t at, size_t n, int *out) {
	if (at + n > s.n)
		return false;
	int v = 0;
	for (size_t i = at; i < at + n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		v = v * 10 + (s.p[i] - '0');
	}
	*out = v;
	return true;
}

static bool date_part(str s, int64_t *out) {
	static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int y, m, d;
	if (s.n < 10 || s.p[4] != '-' || s.p[7] != '-' || !digits(s, 0, 4, &y) || !digits(s, 5, 2, &m) ||
	    !digits(s, 8, 2, &d) || m < 1 || m > 12 || d < 1)
		return false;
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
	if (d > month_days[m - 1] + (m == 2 && leap))
		return false;
	*out = days_from(y, m, d) * DAY_SECONDS;
	return true;
}

bool clock_date(str text, int64_t *out) { return text.n == 10 && date_part(text, out); }

bool clock_time(str s, int64_t *out, bool *whole_day) {
	int64_t t;
	int hour, minute, second = 0, zone_h = 0, zone_m = 0;
	if (!date_part(s, &t))
		return false;
	*whole_day = s.n == 10;
	if (*whole_day) {
		*out = t;
		return true;
	}
	if ((s.p[10] != 'T' && s.p[10] != ' ') || !digits(s, 11, 2, &hour) || s.n < 16 || s.p[13] != ':' ||
	    !digits(s, 14, 2, &minute) || hour > 23 || minute > 59)
		return false;
	size_t at = 16;
	if (at < s.n && s.p[at] == ':') {
		if (!digits(s, 17, 2, &second) || second > 60)
			return false;
		at = 19;
		if (at < s.n && s.p[at] == '.')
			for (at++; at < s.n && s.p[at] >= '0' && s.p[at] <= '9';)
				at++;
	}
	int sign = 0;
	if (at < s.n && s.p[at] == 'Z') {
		at++;
	} else if (at < s.n && (s.p[at] == '+' || s.p[at] == '-')) {
		sign = s.p[at] == '+' ? 1 : -1;
		size_t colon = at + 3 < s.n && s.p[at + 3] == ':';
		if (!digits(s, at + 1, 2, &zone_h) || !digits(s, at + 3 + colon, 2, &zone_m) || zone_h > 14 || zone_m > 59)
			return false;
		at += 5 + colon;
	}
	if (at != s.n)
		return false;
	*out = t + hour * 3600 + minute * 60 + second - sign * (zone_h * 3600 + zone_m * 60);
	return true;
}

static void split(int64_t t, int64_t *y, int *m, int *d) {
	int64_t days = t / DAY_SECONDS - (t % DAY_SECONDS < 0) + 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t doe = days - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	*d = (int)(doy - (153 * mp + 2) / 5 + 1);
	*m = (int)(mp < 10 ? mp + 3 : mp - 9);
	*y = yoe + era * 400 + (*m <= 2);
}

/* What a four-digit year can say; times beyond are shown at the edge. */
#define FIRST_TIME (-62167219200LL)
#define LAST_TIME 253402300799LL

static int64_t clamp(int64_t t) { return t < FIRST_TIME ? FIRST_TIME : t > LAST_TIME ? LAST_TIME : t; }

void clock_format_date(int64_t t, char out[static 16]) {
	int64_t y;
	int m, d;
	char text[48];
	split(clamp(t), &y, &m, &d);
	snprintf(text, sizeof text, "%04d-%02d-%02d", (int)y, m, d);
	memcpy(out, text, 10);
	out[10] = 0;
}

int64_t clock_day_end(int64_t t) {
	int64_t rest = t % DAY_SECONDS;
	if (rest < 0)
		rest += DAY_SECONDS;
	return t - rest + DAY_SECONDS - 1;
}
