/* cursor.c: walks creators and the rows that belong to them, and fills frames with the columns a plan reads.
 * Reading is what a run costs, so the loop over a row's cells does nothing else. Uses db and frame. */
#include "roster/cursor.h"

#include <math.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "roster/catalogue.h"
#include "roster/cursor_parts.h"
#include "roster/db.h"

/* ---- statements: ?1 as-of, ?2 and ?3 the first and last creator id, ?4 the campaign ---- */

kol_status cursor_prepare(cursor *c, buffer *sql, sqlite3_stmt **st, kol_error *err) {
	const char *text = buffer_text(sql);
	kol_status status = text ? KOL_OK : error_memory(err);
	if (!status) {
		int rc = sqlite3_prepare_v3(c->db, text, -1, SQLITE_PREPARE_PERSISTENT, st, NULL);
		if (rc != SQLITE_OK)
			status = roster_failed(c->db, rc, "reading the roster", err);
	}
	buffer_free(sql);
	if (status)
		return status;
	sqlite3_bind_int64(*st, 1, c->as_of);
	if (c->who.how == SELECT_ENROLLED && sqlite3_bind_parameter_count(*st) >= 4)
		sqlite3_bind_text(*st, 4, c->who.campaign, -1, SQLITE_STATIC);
	return KOL_OK;
}

void cursor_add_fields(cursor *c, enum table t, buffer *sql) {
	for (int i = 0; i < c->want->count[t]; i++)
		buffer_printf(sql, ", %s", c->catalogue->fields[t][c->want->field[t][i]].sql);
}

static void add_selected(cursor *c, buffer *sql) {
	if (c->who.how == SELECT_ENROLLED)
		buffer_z(sql, " AND id IN (SELECT creator_id FROM campaign_creator WHERE campaign_id = ?4)");
}

static kol_status prepare_creators(cursor *c, bool named, kol_error *err) {
	static const char *const names[] = {"platform", "handle", "external_id"};
	reader *r = &c->creators[named];
	buffer sql = {0};
	if (r->st)
		return KOL_OK;
	buffer_z(&sql, "SELECT id");
	r->skip = named ? 4 : 1;
	for (int i = 0; named && i < 3; i++)
		buffer_printf(&sql, ", %s",
		              catalogue_find(c->catalogue, TABLE_CREATOR, str_of(names[i])) < 0 ? "NULL" : names[i]);
	cursor_add_fields(c, TABLE_CREATOR, &sql);
	buffer_z(&sql, " FROM creator WHERE id BETWEEN ?2 AND ?3");
	add_selected(c, &sql);
	buffer_z(&sql, " ORDER BY id");
	return cursor_prepare(c, &sql, &r->st, err);
}

/* ---- cells ---- */

static inline bool copy_text(cursor *c, frame *f, sqlite3_value *v, str *out) {
	const char *p = (const char *)sqlite3_value_text(v);
	if (!p)
		return false;
	size_t n = (size_t)sqlite3_value_bytes(v);
	if (n > ROSTER_TEXT_MOST) {
		n = utf8_cut((str){p, n}, ROSTER_TEXT_MOST);
		c->counts.cut++;
	}
	out->p = arena_text(&f->texts, p, n);
	out->n = n;
	return out->p != NULL;
}

/* A cell that is text. *bytes grows by what it holds. */
bool cursor_text(cursor *c, frame *f, sqlite3_value *v, str *out, size_t *bytes) {
	int type = sqlite3_value_type(v);
	*out = (str){NULL, 0};
	if (type == SQLITE_NULL)
		return true;
	if (type != SQLITE_TEXT) {
		c->counts.wrong_type++;
		return true;
	}
	bool fine = copy_text(c, f, v, out);
	*bytes += out->n;
	return fine;
}

double cursor_number(cursor *c, sqlite3_value *v, enum kind kind) {
	int type = sqlite3_value_type(v);
	if (type == SQLITE_NULL)
		return NAN;
	double d = type == SQLITE_INTEGER || type == SQLITE_FLOAT ? sqlite3_value_double(v) : NAN;
	if (!isfinite(d) || (kind == KIND_FLAG && d != 0 && d != 1) || (kind == KIND_SHARE && (d < 0 || d > 1))) {
		c->counts.wrong_type++;
		return NAN;
	}
	return d;
}

/* Reads the wanted cells of the row a statement stands on. False: out of memory. */
bool cursor_fill_row(cursor *c, const reader *r, frame *f, int row, size_t *bytes) {
	const int *fields = f->fetch->field[f->table];
	const field *all = f->catalogue->fields[f->table];
	int count = f->fetch->count[f->table];
	for (int i = 0; i < count; i++) {
		sqlite3_value *v = sqlite3_column_value(r->st, r->skip + i);
		enum kind kind = all[fields[i]].kind;
		if (kind != KIND_TEXT)
			f->columns[i].num[row] = cursor_number(c, v, kind);
		else if (!cursor_text(c, f, v, &f->columns[i].text[row], bytes))
			return false;
	}
	return true;
}

/* Texts of identity and keys: a number is fine there, it is only shown. */
bool cursor_name(cursor *c, frame *f, sqlite3_value *v, str *out, size_t *bytes) {
	*out = (str){NULL, 0};
	if (sqlite3_value_type(v) == SQLITE_NULL)
		return true;
	bool fine = copy_text(c, f, v, out);
	*bytes += out->n;
	return fine;
}

/* ---- creators ---- */

static bool same(str a, const char *p, size_t n) { return a.p && a.n == n && !memcmp(a.p, p, n); }

static bool fill_identity(cursor *c, sqlite3_stmt *st, frame *f, identity *who, int row, size_t *bytes) {
	sqlite3_value *platform = sqlite3_column_value(st, 1);
	const char *p = (const char *)sqlite3_value_text(platform);
	/* Neighbours are mostly of one platform. */
	if (p && row && same(who[row - 1].platform, p, (size_t)sqlite3_value_bytes(platform)))
		who[row].platform = who[row - 1].platform;
	else if (!cursor_name(c, f, platform, &who[row].platform, bytes))
		return false;
	return cursor_name(c, f, sqlite3_column_value(st, 2), &who[row].handle, bytes) &&
	       cursor_name(c, f, sqlite3_column_value(st, 3), &who[row].external_id, bytes);
}

static void walk_begin(cursor *c, reader *r, int64_t from, int64_t to) {
	if (c->walk)
		sqlite3_reset(c->walk->st);
	sqlite3_reset(r->st);
	sqlite3_bind_int64(r->st, 2, from);
	sqlite3_bind_int64(r->st, 3, to);
	c->walk = r;
	c->walk_to = to;
}

static void walk_end(cursor *c) {
	if (c->walk)
		sqlite3_reset(c->walk->st);
	c->walk = NULL;
}

/* The index of the least chosen id ≥ from. */
static int64_t seek_id(const selection *s, int64_t from) {
	int64_t low = 0, high = s->count;
	while (low < high) {
		int64_t middle = low + (high - low) / 2;
		if (s->ids[middle] < from)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Steps to the next creator of the walk: SQLITE_ROW, SQLITE_DONE or an error. */
static int walk_step(cursor *c, reader *r, int64_t to) {
	for (;;) {
		int rc = sqlite3_step(r->st);
		if (rc != SQLITE_DONE || c->who.how != SELECT_IDS || c->next_id >= c->who.count || c->who.ids[c->next_id] > to)
			return rc;
		int64_t id = c->who.ids[c->next_id++];
		walk_begin(c, r, id, id);
		c->walk_to = to;
	}
}

/* A row with a cell that is too long to load: its cells are read one by one, and that cell is missing, and counted. */
static kol_status oversize_creator(cursor *c, int64_t from, int row, frame *f, identity *who, kol_error *err) {
	static const char *const names[] = {"platform", "handle", "external_id"};
	const int *fields = f->fetch->field[TABLE_CREATOR];
	bool found;
	double ignored;
	str text;
	kol_status status = cursor_first(c, from, &f->creator_id[row], &found, err);
	if (!status && !found)
		status = error_set(err, KOL_E_LIMIT, "reading creators: a cell of the roster is too long");
	int64_t id = f->creator_id[row];
	for (int i = 0; !status && who && i < 3; i++) {
		int at = catalogue_find(c->catalogue, TABLE_CREATOR, str_of(names[i]));
		text = (str){NULL, 0};
		if (at >= 0)
			status = cursor_cell(c, TABLE_CREATOR, id, at, f, &ignored, &text, err);
		*(i == 0 ? &who[row].platform : i == 1 ? &who[row].handle : &who[row].external_id) = text;
	}
	for (int i = 0; !status && i < f->fetch->count[TABLE_CREATOR]; i++) {
		bool is_text = frame_kind(f, i) == KIND_TEXT;
		status = cursor_cell(c, TABLE_CREATOR, id, fields[i], f, is_text ? &ignored : &f->columns[i].num[row],
		                     is_text ? &f->columns[i].text[row] : &text, err);
	}
	return status;
}

kol_status cursor_creators(cursor *c, int64_t from, int64_t to, int most, frame *f, identity *who, kol_error *err) {
	kol_status status = prepare_creators(c, who != NULL, err);
	f->rows = 0;
	f->filled++;
	arena_reset(&f->texts);
	if (status || from > to)
		return status;
	reader *r = &c->creators[who != NULL];
	/* A view that cannot seek is read once this way, not once for each batch. */
	if (c->walk != r || c->next_from != from || c->walk_to != to) {
		if (c->who.how == SELECT_IDS) {
			c->next_id = seek_id(&c->who, from);
			walk_begin(c, r, 1, 0);
			c->walk_to = to;
		} else {
			walk_begin(c, r, from, to);
		}
	}
	size_t bytes = 0;
	int rc = SQLITE_ROW, rows = 0;
	most = most < FRAME_ROWS ? most : FRAME_ROWS;
	while (rows < most && bytes < BATCH_TEXT_MOST && (rc = walk_step(c, r, to)) == SQLITE_ROW) {
		sqlite3_value *id = sqlite3_column_value(r->st, 0);
		if (sqlite3_value_type(id) != SQLITE_INTEGER) {
			c->counts.wrong_type++;
			continue;
		}
		f->creator_id[rows] = sqlite3_value_int64(id);
		/* A team's view may say an id twice: the first row counts. */
		if (rows ? f->creator_id[rows] <= f->creator_id[rows - 1] : f->creator_id[0] < from)
			continue;
		if ((who && !fill_identity(c, r->st, f, who, rows, &bytes)) || !cursor_fill_row(c, r, f, rows, &bytes)) {
			walk_end(c);
			return error_memory(err);
		}
		rows++;
	}
	/* The batch ends with such a row; the next begins a new walk behind it. */
	if ((rc & 0xff) == SQLITE_TOOBIG) {
		walk_end(c);
		status = oversize_creator(c, rows ? f->creator_id[rows - 1] + 1 : from, rows, f, who, err);
		f->rows = status ? 0 : rows + 1;
		return status;
	}
	f->rows = rows;
	if (rc != SQLITE_ROW)
		walk_end(c);
	else if (rows && f->creator_id[rows - 1] < INT64_MAX)
		c->next_from = f->creator_id[rows - 1] + 1;
	else
		walk_end(c);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? KOL_OK : roster_failed(c->db, rc, "reading creators", err);
}

kol_status cursor_first(cursor *c, int64_t from, int64_t *id, bool *found, kol_error *err) {
	*found = false;
	if (!c->first) {
		buffer sql = {0};
		buffer_z(&sql, "SELECT id FROM creator WHERE id BETWEEN ?2 AND ?3");
		add_selected(c, &sql);
		buffer_z(&sql, " ORDER BY id LIMIT 1");
		kol_status status = cursor_prepare(c, &sql, &c->first, err);
		if (status)
			return status;
	}
	bool chosen = c->who.how == SELECT_IDS;
	int64_t at = chosen ? seek_id(&c->who, from) : 0;
	int rc;
	do {
		if (chosen && at >= c->who.count)
			return KOL_OK;
		sqlite3_bind_int64(c->first, 2, chosen ? c->who.ids[at] : from);
		sqlite3_bind_int64(c->first, 3, chosen ? c->who.ids[at] : INT64_MAX);
		rc = sqlite3_step(c->first);
		if (rc == SQLITE_ROW) {
			*found = true;
			*id = sqlite3_column_int64(c->first, 0);
		}
		sqlite3_reset(c->first);
		at++;
	} while (chosen && rc == SQLITE_DONE);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? KOL_OK : roster_failed(c->db, rc, "reading creators", err);
}

/* ---- single cells ---- */

kol_status cursor_cell(cursor *c, enum table t, int64_t creator_id, int field_index, frame *f, double *num, str *text,
                       kol_error *err) {
	const field *wanted = &c->catalogue->fields[t][field_index];
	*num = NAN;
	*text = (str){NULL, 0};
	if (!c->cells[t] && !(c->cells[t] = calloc((size_t)c->catalogue->count[t], sizeof *c->cells[t])))
		return error_memory(err);
	sqlite3_stmt **st = &c->cells[t][field_index];
	if (!*st) {
		buffer sql = {0};
		buffer_printf(&sql, "SELECT %s FROM %s WHERE %s = ?2 LIMIT 1", wanted->sql, table_names[t],
		              t == TABLE_CREATOR ? "id" : "creator_id");
		kol_status status = cursor_prepare(c, &sql, st, err);
		if (status)
			return status;
	}
	sqlite3_bind_int64(*st, 2, creator_id);
	int rc = sqlite3_step(*st);
	kol_status status = KOL_OK;
	size_t bytes = 0;
	if (rc == SQLITE_ROW) {
		sqlite3_value *v = sqlite3_column_value(*st, 0);
		if (wanted->kind != KIND_TEXT)
			*num = cursor_number(c, v, wanted->kind);
		else if (!cursor_text(c, f, v, text, &bytes))
			status = error_memory(err);
	} else if ((rc & 0xff) == SQLITE_TOOBIG) {
		c->counts.cut++; /* beyond what may be loaded: missing */
	} else if (rc != SQLITE_DONE) {
		status = roster_failed(c->db, rc, "reading a creator", err);
	}
	sqlite3_reset(*st);
	return status;
}

/* ---- the cursor ---- */

kol_status cursor_open(sqlite3 *db, const catalogue *cat, const fetch *want, const selection *who, int64_t as_of,
                       cursor **out, kol_error *err) {
	*out = NULL;
	if (who->how == SELECT_ENROLLED && !catalogue_column(db, "campaign_creator", "creator_id"))
		return error_set(err, KOL_E_USAGE,
		                 "this roster does not say who is enrolled: it has no table campaign_creator");
	cursor *c = calloc(1, sizeof *c);
	if (!c)
		return error_memory(err);
	c->db = db;
	c->catalogue = cat;
	c->want = want;
	c->who = *who;
	c->as_of = as_of;
	*out = c;
	return KOL_OK;
}

void cursor_close(cursor *c) {
	if (!c)
		return;
	sqlite3_finalize(c->creators[0].st);
	sqlite3_finalize(c->creators[1].st);
	sqlite3_finalize(c->first);
	sqlite3_finalize(c->coverage);
	for (int t = 0; t < TABLE_COUNT; t++) {
		sqlite3_finalize(c->children[t].st);
		for (int i = 0; c->cells[t] && i < c->catalogue->count[t]; i++)
			sqlite3_finalize(c->cells[t][i]);
		free(c->cells[t]);
	}
	free(c);
}

cursor_counts cursor_stats(const cursor *c) { return c->counts; }

sqlite3 *cursor_db(const cursor *c) { return c->db; }
int64_t cursor_as_of(const cursor *c) { return c->as_of; }

kol_status cursor_coverage(cursor *c, sqlite3_stmt **st, kol_error *err) {
	static const char sql[] =
	    "SELECT creator_id, \"of\", from_at, to_at FROM coverage WHERE creator_id BETWEEN ?1 AND ?2 "
	    "ORDER BY creator_id, \"of\", from_at, to_at";
	if (!c->coverage_known && catalogue_column(c->db, "coverage", "creator_id")) {
		int rc = sqlite3_prepare_v3(c->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &c->coverage, NULL);
		if (rc != SQLITE_OK)
			return roster_failed(c->db, rc, "reading coverage", err);
	}
	c->coverage_known = true;
	*st = c->coverage;
	return KOL_OK;
}
