/* csv.c: maps headers to fields and records to rows. libcsv splits cells. Headers are compared without case, spaces and
 * punctuation. What a header says is checked against a sample: a column of numbers that holds words is not believed,
 * nor are the numbers to its right, for then the headers have slipped. */
#include "import/csv.h"

#include <csv.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/utf8.h"
#include "import/platform.h"
#include "import/row.h"

#define SAMPLE 200

static const struct alias {
	const char *header, *field;
} aliases[] = {{"username", "handle"},
               {"user", "handle"},
               {"account", "handle"},
               {"profile", "handle"},
               {"fullname", "name"},
               {"displayname", "name"},
               {"subscribers", "followers"},
               {"subscriberscount", "followers"},
               {"followerscount", "followers"},
               {"followercount", "followers"},
               {"fans", "followers"},
               {"粉丝数", "followers"},
               {"粉丝量", "followers"},
               {"viewsavg", "avg_views"},
               {"averageviews", "avg_views"},
               {"likesavg", "avg_likes"},
               {"averagelikes", "avg_likes"},
               {"commentsavg", "avg_comments"},
               {"averagecomments", "avg_comments"},
               {"sharesavg", "avg_shares"},
               {"averageshares", "avg_shares"},
               {"savesavg", "avg_saves"},
               {"er", "engagement_rate"},
               {"category1", "category"},
               {"posts", "post_count"},
               {"postscount", "post_count"},
               {"mediacount", "post_count"},
               {"biography", "bio"},
               {"profileurl", "url"},
               {"link", "url"},
               {"isverified", "verified"},
               {"price", "fee"},
               {"postid", "id"},
               {"shortcode", "id"},
               {"date", "posted_at"},
               {"publishedat", "posted_at"},
               {"timestamp", "posted_at"},
               {"text", "caption"},
               {"description", "caption"},
               {"startdate", "started_on"},
               {"enddate", "ended_on"},
               {"month", "at"},
               {"weight", "share"}};

static void add_cell(void *cell, size_t n, void *user) {
	csv_record *r = user;
	if (r->count >= 0 && r->count < CSV_COLUMNS) {
		buffer_add(&r->text, cell, n);
		r->ends[r->count++] = r->text.n;
	} else {
		r->count = -1;
	}
}

bool csv_split(csv_record *r, str line, char delimiter) {
	struct csv_parser parser;
	buffer_clear(&r->text);
	r->count = 0;
	if (csv_init(&parser, CSV_REPALL_NL))
		return false;
	csv_set_delim(&parser, (unsigned char)delimiter);
	bool ok =
	    csv_parse(&parser, line.p, line.n, add_cell, NULL, r) == line.n && csv_fini(&parser, add_cell, NULL, r) == 0;
	csv_free(&parser);
	if (!ok || r->text.failed || r->count < 0)
		return false;
	for (int i = 0; i < r->count; i++) {
		size_t from = i ? r->ends[i - 1] : 0;
		r->cells[i] = (str){r->text.p ? r->text.p + from : "", r->ends[i] - from};
	}
	return true;
}

void csv_record_free(csv_record *r) { buffer_free(&r->text); }

bool csv_blank(const csv_record *r) {
	for (int i = 0; i < r->count; i++)
		if (value_trim(r->cells[i]).n)
			return false;
	return true;
}

/* Letters and digits alone, in lower case. */
static void normal(str s, char out[static 80]) {
	size_t n = 0;
	s = value_trim(s);
	for (size_t i = 0; i < s.n && n < 76; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c == 0xc2 && i + 1 < s.n && (unsigned char)s.p[i + 1] == 0xa0)
			i++;
		else if (c >= 'A' && c <= 'Z')
			out[n++] = (char)(c + 32);
		else if (c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			out[n++] = (char)c;
	}
	out[n] = 0;
}

static int field_of(int table, const char *name) {
	const upsert_table *t = upsert_describe(table);
	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
		if (strcmp(aliases[i].header, name) == 0 && upsert_column_find(table, str_of(aliases[i].field)) >= 0)
			return upsert_column_find(table, str_of(aliases[i].field));
	for (int i = 0; t->columns[i].name; i++) {
		char own[80];
		normal(str_of(t->columns[i].name), own);
		if (strcmp(own, name) == 0 && t->columns[i].type != 'o' && strcmp(own, "extra") != 0)
			return i;
	}
	return CSV_UNKNOWN;
}

static void map_header(csv_map *m, int i, const char *name) {
	static const char *const who[] = {"instagramname",  "tiktokname",  "tiktokername",   "name",
	                                  "influencername", "channelname", "youtubechannel", "youtuber",
	                                  "youtubername",   "channel"};
	static const char *const ranks[] = {"", "sno", "rank", "rowcell", "no", "row"};
	for (size_t k = 0; k < sizeof ranks / sizeof *ranks; k++)
		if (strcmp(ranks[k], name) == 0)
			m->field[i] = CSV_IGNORED;
	for (size_t k = 0; k < sizeof who / sizeof *who; k++)
		if (strcmp(who[k], name) == 0)
			m->field[i] = CSV_WHO;
	if (strstr(name, "youtube"))
		m->guessed_platform = STR("youtube");
	if (strstr(name, "tiktok"))
		m->guessed_platform = STR("tiktok");
	if (strstr(name, "instagram"))
		m->guessed_platform = STR("instagram");
	if (m->field[i] != CSV_UNKNOWN)
		return;
	if (strncmp(name, "engagementaverage", 17) == 0 || strcmp(name, "engavg") == 0)
		m->field[i] = m->table == 0 ? CSV_ENGAGEMENT : CSV_UNKNOWN;
	else if (strcmp(name, "platform") == 0)
		m->platform = i, m->field[i] = CSV_IGNORED;
	else if (strcmp(name, "handle") == 0 || strcmp(name, "username") == 0 || strcmp(name, "user") == 0 ||
	         strcmp(name, "account") == 0)
		m->handle = i, m->field[i] = CSV_IGNORED;
	else
		m->field[i] = field_of(m->table, name);
}

static bool like_handle(str s) {
	s = value_handle(s);
	bool ok = s.n > 0 && s.n <= 30;
	for (size_t i = 0; i < s.n && ok; i++)
		ok = (s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '.' || s.p[i] == '_';
	return ok;
}

typedef struct tally {
	int filled[CSV_COLUMNS], words[CSV_COLUMNS], handles[CSV_COLUMNS];
} tally;

static kol_status sample(csv_map *m, source *s, csv_record *r, tally *t, kol_error *err) {
	str record;
	int64_t line;
	const char *why;
	for (int rows = 0; rows < SAMPLE;) {
		kol_status rc = source_next(s, &record, &line, &why, err);
		if (rc || !record.p)
			return rc;
		if (why || !csv_split(r, record, s->delimiter) || r->count != m->columns || csv_blank(r))
			continue;
		rows++;
		for (int i = 0; i < r->count; i++) {
			double v;
			bool rounded, percent;
			t->handles[i] += like_handle(r->cells[i]);
			if (value_missing(r->cells[i]))
				continue;
			t->filled[i]++;
			if (!value_number(r->cells[i], &v, &rounded, &percent))
				t->words[i]++;
			else
				m->rounded[i] += rounded;
		}
	}
	return KOL_OK;
}

static bool numeric(const csv_map *m, int i) {
	return m->field[i] == CSV_ENGAGEMENT ||
	       (m->field[i] >= 0 && strchr("irm", upsert_describe(m->table)->columns[m->field[i]].type));
}

/* Who is the handle among columns that all may hold it? The one that looks most like handles. */
static void judge_columns(csv_map *m, const tally *t) {
	bool slipped = false, engagement = false;
	for (int i = 0; i < m->columns; i++)
		if (m->field[i] == CSV_WHO && m->handle < 0) {
			int best = i;
			for (int k = i + 1; k < m->columns; k++)
				if (m->field[k] == CSV_WHO && t->handles[k] > t->handles[best])
					best = k;
			m->handle = best;
			m->field[best] = CSV_IGNORED;
		}
	for (int i = 0; i < m->columns; i++) {
		if (m->field[i] == CSV_WHO)
			m->field[i] = m->table == 0 ? upsert_column_find(0, STR("name")) : CSV_UNKNOWN;
		engagement = engagement || m->field[i] == CSV_ENGAGEMENT;
		slipped = slipped || (numeric(m, i) && t->words[i] * 2 > t->filled[i] && t->words[i] > 1);
		if (slipped && numeric(m, i))
			m->field[i] = CSV_BROKEN;
	}
	/* Lists of a creator's average engagement give the audience's country, whatever their header says. */
	for (int i = 0; i < m->columns && engagement && m->table == 0; i++)
		if (m->field[i] >= 0 && upsert_describe(0)->columns[m->field[i]].type == 'c')
			m->field[i] = CSV_UNKNOWN;
}

/* The separator is the one that stands most often in the first line with anything else in it. */
static char find_delimiter(str w) {
	static const char all[] = ",;\t|";
	int count[4] = {0}, best = 0;
	bool quoted = false, words = false;
	for (size_t i = 0; i < w.n && !(w.p[i] == '\n' && !quoted && words); i++) {
		const char *d = w.p[i] ? strchr(all, w.p[i]) : NULL;
		quoted = quoted != (w.p[i] == '"');
		if (d && !quoted)
			count[d - all]++;
		words = words || (!d && (unsigned char)w.p[i] > ' ');
	}
	for (int i = 1; i < 4; i++)
		if (count[i] > count[best])
			best = i;
	return all[best];
}

static kol_status header(source *s, csv_record *r, kol_error *err) {
	str record;
	int64_t line;
	const char *why;
	s->delimiter = find_delimiter((str){s->window.p + s->at, s->window.n - s->at});
	do {
		kol_status rc = source_next(s, &record, &line, &why, err);
		if (rc)
			return rc;
		if (!record.p)
			return error_set(err, KOL_E_INPUT, "%s holds no header row", s->path);
		if (!why && !csv_split(r, record, s->delimiter))
			why = r->count < 0 ? "it has more columns than the 1024 that are read" : "it cannot be split into cells";
		if (why)
			return error_set(err, KOL_E_INPUT, "%s: the header row cannot be read: %s", s->path, why);
	} while (csv_blank(r));
	return KOL_OK;
}

/* Unknown columns keep their names in extra, in their order; columns of one name are one. */
static void find_extras(csv_map *m) {
	for (int i = 0; i < m->columns; i++) {
		int at = m->extras;
		m->twin[i] = i;
		for (int k = 0; k < i && m->twin[i] == i; k++)
			if (strcmp(m->names[i], m->names[k]) == 0)
				m->twin[i] = k;
		if (m->table || m->field[i] != CSV_UNKNOWN || m->twin[i] != i || !m->names[i][0])
			continue;
		for (; at > 0 && strcmp(m->names[m->extra[at - 1]], m->names[i]) > 0; at--)
			m->extra[at] = m->extra[at - 1];
		m->extra[at] = i;
		m->extras++;
	}
}

kol_status csv_open(csv_map *m, source *s, const char *as, kol_error *err) {
	static const char *const kinds[][2] = {{"creators", "creator"},
	                                       {"posts", "post"},
	                                       {"audience", "audience"},
	                                       {"history", "history"},
	                                       {"partnerships", "partnership"}};
	csv_record r = {0};
	tally *t = calloc(1, sizeof *t);
	*m = (csv_map){.table = -1, .handle = -1, .platform = -1};
	for (size_t i = 0; i < 5; i++)
		if (strcmp(kinds[i][0], as ? as : "creators") == 0)
			m->table = upsert_find(str_of(kinds[i][1]));
	kol_status rc = t ? KOL_OK : error_memory(err);
	if (!rc && m->table < 0)
		rc = error_set(err, KOL_E_USAGE, "--as takes creators, posts, audience, history or partnerships, not '%.80s'",
		               as);
	if (rc || (rc = header(s, &r, err)))
		goto done;
	m->columns = r.count;
	for (int i = 0; i < r.count; i++) {
		char name[80];
		str clean = value_clean(value_trim(r.cells[i]), &m->memory);
		m->field[i] = CSV_UNKNOWN;
		if (!clean.p || !(m->names[i] = arena_text(&m->memory, clean.p, clean.n))) {
			rc = error_memory(err);
			goto done;
		}
		normal(clean, name);
		if (strncmp(name, "avg", 3) == 0 && name[3]) { /* "Avg. views" is "Views avg." */
			memmove(name, name + 3, strlen(name) - 2);
			memcpy(name + strlen(name), "avg", 4);
		}
		map_header(m, i, name);
	}
	rc = sample(m, s, &r, t, err);
	judge_columns(m, t);
	if (!rc && m->handle < 0)
		rc = error_set(err, KOL_E_INPUT, "%s has no column for the creator's handle; name one 'handle'", s->path);
	if (!rc) {
		const char *path = s->path;
		find_extras(m);
		source_close(s);
		if (!(rc = source_open(s, path, SOURCE_CSV, err)))
			rc = header(s, &r, err);
	}
done:
	csv_record_free(&r);
	free(t);
	return rc;
}

void csv_close(csv_map *m) { arena_free(&m->memory); }

/* Which of two columns of one field does a record's value come from? The precise one; a rounded one where that is
 * missing. best -1: none yet. */
static int better(const csv_map *m, const csv_record *r, int best, int i) {
	if (value_missing(r->cells[i]))
		return best;
	return best < 0 || m->rounded[i] < m->rounded[best] ? i : best;
}

/* The cell of a field. A precise 0 beside an empty rounded cell is an empty one that a spreadsheet counted. */
static str pick(const csv_map *m, const csv_record *r, int field) {
	int best = -1;
	bool empty = false;
	for (int i = 0; i < m->columns; i++)
		if (m->field[i] == field) {
			empty = empty || value_missing(r->cells[i]);
			best = better(m, r, best, i);
		}
	str s = {0};
	if (best >= 0)
		s = value_trim(r->cells[best]);
	if (empty && str_is(s, "0"))
		s = (str){0};
	return s;
}

/* What the roster has no column for, as it is written: {"header": "cell"}. */
static kol_status put_extra(const csv_map *m, const csv_record *r, upsert_cell *out, arena *a, kol_error *err) {
	buffer json = {0};
	for (int i = 0; i < m->extras; i++) {
		int best = -1;
		for (int k = m->extra[i]; k < m->columns; k++)
			if (m->twin[k] == m->extra[i])
				best = better(m, r, best, k);
		if (best < 0)
			continue;
		str cell = value_clean(value_trim(r->cells[best]), a);
		json.failed = json.failed || !cell.p;
		buffer_char(&json, json.n ? ',' : '{');
		json_string(&json, str_of(m->names[m->extra[i]]));
		buffer_char(&json, ':');
		json_string(&json, cell);
	}
	if (json.n) {
		buffer_char(&json, '}');
		*out = (upsert_cell){.kind = CELL_TEXT, .s = arena_str(a, (str){json.p, json.n})};
	}
	bool bad = json.failed || (json.n && !out->s.p);
	buffer_free(&json);
	return bad ? error_memory(err) : KOL_OK;
}

/* Average engagement is likes and comments of a post: over followers it is the engagement rate. */
static kol_status engagement(csv_map *m, const csv_record *r, upsert_cell *cells, kol_error *err) {
	double v;
	bool rounded, percent;
	int rate = upsert_column_find(0, STR("engagement_rate")), followers = upsert_column_find(0, STR("followers"));
	str text = pick(m, r, CSV_ENGAGEMENT);
	if (!text.p || cells[rate].kind != CELL_MISSING || cells[followers].kind != CELL_INTEGER || cells[followers].i <= 0)
		return KOL_OK;
	if (!value_number(text, &v, &rounded, &percent) || percent)
		return error_set(err, KOL_E_INPUT, "the engagement '%.*s' is not a number", (int)utf8_cut(text, 40), text.p);
	cells[rate] = (upsert_cell){.kind = CELL_REAL, .r = v / (double)cells[followers].i};
	return KOL_OK;
}

kol_status csv_store(csv_map *m, ndjson_context *c, const csv_record *r, ndjson_result *out, kol_error *err) {
	const upsert_table *t = upsert_describe(m->table);
	upsert_cell cells[UPSERT_COLUMNS] = {0};
	kol_status rc;
	*out = (ndjson_result){.table = m->table, .posted_at = INT64_MIN};
	arena_reset(&c->memory);
	if (r->count != m->columns)
		return error_set(err, KOL_E_INPUT, "%d cells where the header has %d", r->count, m->columns);
	str handle = value_clean(r->cells[m->handle], &c->memory);
	str platform = m->platform >= 0 ? r->cells[m->platform] : c->platform;
	if (!handle.p)
		return error_memory(err);
	str given = handle, on, profile;
	if (!value_trim(platform).n && !platform_address(value_trim(given), &on, &profile))
		return error_set(err, KOL_E_INPUT, "no platform; say it with --platform");
	if ((rc = ndjson_owner(t->name, &platform, &handle, &c->memory, err)))
		return rc;
	for (int i = 0; t->columns[i].name; i++) {
		const upsert_column *column = &t->columns[i];
		str text = pick(m, r, i);
		if (text.p && (rc = value_cell(text, column, &cells[i], &c->memory, err)))
			return rc;
		if (m->table && column->key && !column->may_miss && column->type != 'o' && cells[i].kind == CELL_MISSING)
			return error_set(err, KOL_E_INPUT, "no %s", column->name);
		if (cells[i].kind == CELL_REAL && cells[i].r > 1 && strcmp(column->name, "engagement_rate") == 0)
			return error_set(err, KOL_E_INPUT, "engagement_rate %.10g is above 1; write a percentage with its %%",
			                 cells[i].r);
	}
	if ((rc = row_check(t, cells, &c->memory, err)))
		return rc;
	if (m->table) {
		if (strcmp(t->name, "post") == 0 && cells[2].kind == CELL_INTEGER)
			out->posted_at = cells[2].i;
		return upsert_owned(c->u, m->table, platform, handle, cells, &out->creator_id, &out->stored, err);
	}
	cells[0] = (upsert_cell){.kind = CELL_TEXT, .s = platform};
	cells[1] = (upsert_cell){.kind = CELL_TEXT, .s = handle};
	if ((rc = ndjson_url(cells, given, &c->memory, err)) || (rc = engagement(m, r, cells, err)))
		return rc;
	rc = put_extra(m, r, &cells[upsert_column_find(0, STR("extra"))], &c->memory, err);
	return rc ? rc : ndjson_creator(c, cells, out, err);
}
