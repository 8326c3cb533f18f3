/* twin_world.c: random creators and what belongs to them: values missing here and there, audiences partly listed,
 * rows collected for some time only. Dates and spans meet at the same seconds, and beside them. */
#include <math.h>
#include <stdlib.h>

#include "twin_make.h"

static double any_time(rng *r) {
	static const int days[] = {0, 1, 3, 4, 10, 11, 30, 31, 90, 91, 200};
	return fmin((double)TWIN_AS_OF, (double)TWIN_AS_OF - 86400.0 * days[pick(r, 11)] + pick(r, 3) - 1);
}

static void fill_row(rng *r, enum table t, twin_row *row, int owner, int missing) {
	static const char *const currencies[] = {"EUR", "USD", "GBP", "JPY"};
	row->owner = owner;
	for (int i = 0; i < TWIN_FIELDS && twin_fields[t][i].name; i++) {
		enum kind kind = twin_fields[t][i].kind;
		bool gone = chance(r, missing), currency = strcmp(twin_fields[t][i].name, "currency") == 0;
		cell c = {any_number(r), NULL};
		if (kind == KIND_TEXT)
			c = (cell){NAN, currency ? currencies[pick(r, 4)] : any_text(r)};
		else if (kind == KIND_SHARE || kind == KIND_FLAG)
			c.num = kind == KIND_FLAG ? (double)pick(r, 2) : pick(r, 9) / 8.0;
		else if (kind == KIND_TIME)
			c.num = any_time(r);
		if (i == AGE_FIELD && t >= TABLE_POST && t <= TABLE_HISTORY)
			c.num = isnan(row->cells[DATE_FIELD].num) ? NAN : twin_age(row->cells[DATE_FIELD].num);
		else if (gone)
			c = (cell){NAN, NULL};
		row->cells[i] = c;
	}
}

/* The parts of a creator's audience, each segment once; partly listed, and some without their share. */
static int fill_audience(rng *r, twin_row *rows, int owner) {
	int n = 0;
	for (int d = 0; d < 3; d++) {
		static const char *const dimensions[] = {"country", "interest", "age"};
		int from = n, left = 8;
		for (int k = pick(r, 4); k > 0; k--) {
			const char *segment = any_segment(r, dimensions[d]);
			bool twice = false;
			for (int i = from; i < n; i++)
				twice |= rows[i].cells[AUDIENCE_SEGMENT].text == segment;
			if (twice)
				continue;
			int share = chance(r, 3) ? 8 : pick(r, left + 1);
			left -= d == 1 || share > left ? 0 : share;
			rows[n].owner = owner;
			rows[n].cells[AUDIENCE_DIMENSION].text = dimensions[d];
			rows[n].cells[AUDIENCE_SEGMENT].text = segment;
			rows[n++].cells[AUDIENCE_SHARE].num = chance(r, 15) ? NAN : share / 8.0;
		}
	}
	return n;
}

static void make_spans(world *w, rng *r, int creator) {
	static const int days[] = {200, 91, 90, 31, 30, 11, 10, 4, 3, 1};
	for (int of = 0; of < COVERED_COUNT; of++) {
		span *s = w->spans[of][creator];
		int n = 0, first = pick(r, 10);
		int64_t from = TWIN_AS_OF - 86400 * (int64_t)days[first] + pick(r, 3) - 1;
		if (of == COVERED_CREDENTIALS || chance(r, 25)) {
			w->span_count[of][creator] = 0;
			continue;
		}
		if (chance(r, 20))
			from = INT64_MIN;
		if (chance(r, 30) && first < 8) { /* a gap, or an end before as-of */
			int last = first + 1 + pick(r, 9 - first);
			int64_t to = TWIN_AS_OF - 86400 * (int64_t)days[last] + pick(r, 3) - 1;
			s[n++] = (span){from, to};
			from = to + 2 + 86400 * pick(r, 2);
		}
		if (n == 0 || chance(r, 50))
			s[n++] = (span){from, chance(r, 50) ? INT64_MAX : TWIN_AS_OF};
		w->span_count[of][creator] = n;
	}
}

void make_world(world *w, rng *r, const catalogue *fields, arena *a) {
	static const int sizes[] = {1, 2, 5, 20, 63, 64, 65, 100, 1023, 1024};
	w->creators = chance(r, 90) ? sizes[pick(r, 8)] : chance(r, 50) ? sizes[8 + pick(r, 2)] : 1 + pick(r, 1024);
	int missing = chance(r, 70) ? 20 : chance(r, 50) ? 2 : 60, most = chance(r, 80) ? 8 : 40;
	for (int t = TABLE_POST; t <= TABLE_AUDIENCE; t++)
		if (!(w->rows[t] = ARENA_ARRAY(a, twin_row, w->creators * 40)))
			abort();
	for (int i = 0; i < w->creators; i++) {
		fill_row(r, TABLE_CREATOR, &w->creator[i], i, missing);
		make_spans(w, r, i);
		for (int g = 0; g < TWIN_GLOBS; g++) {
			w->failed[g][i] = pick(r, 4);
			w->open[g][i] = chance(r, 50) ? 0 : pick(r, 3);
		}
		for (int t = TABLE_POST; t <= TABLE_AUDIENCE; t++) {
			int n = 0, count = chance(r, 25) || !fields->present[t] ? 0 : pick(r, most);
			twin_row *rows = w->rows[t] + w->first[t][i];
			if (t == TABLE_AUDIENCE)
				n = fill_audience(r, rows, i);
			for (; t != TABLE_AUDIENCE && n < count; n++)
				fill_row(r, (enum table)t, &rows[n], i, missing);
			w->first[t][i + 1] = w->first[t][i] + n;
		}
	}
}
