/* campaign.c: reads one campaign with all that hangs on it, once, before the workers fork. Uses db. */
#include "roster/campaign.h"

#include <math.h>
#include <stdio.h>

#include "base/buffer.h"
#include "base/suggest.h"
#include "roster/db.h"

const char *const campaign_list_names[LIST_COUNT] = {"markets",  "competitors", "banned",  "required", "hashtags",
                                                     "mentions", "values",      "against", "aliases"};

/* ?1 is the campaign's id. Union removes doubles; binary order, so that it is the same everywhere. */
static const char *const list_sql[LIST_COUNT] = {
    "SELECT country FROM campaign_market WHERE campaign_id = ?1 ORDER BY 1",
    "SELECT term FROM campaign_term WHERE campaign_id = ?1 AND kind = 'competitor' UNION SELECT b.term FROM brand_term "
    "b "
    "JOIN campaign c ON c.brand_id = b.brand_id WHERE c.id = ?1 AND b.kind = 'competitor' ORDER BY 1",
    "SELECT term FROM campaign_term WHERE campaign_id = ?1 AND kind = 'banned' UNION SELECT b.term FROM brand_term b "
    "JOIN campaign c ON c.brand_id = b.brand_id WHERE c.id = ?1 AND b.kind = 'banned' ORDER BY 1",
    "SELECT term FROM campaign_term WHERE campaign_id = ?1 AND kind = 'required' ORDER BY 1",
    "SELECT term FROM campaign_term WHERE campaign_id = ?1 AND kind = 'hashtag' ORDER BY 1",
    "SELECT term FROM campaign_term WHERE campaign_id = ?1 AND kind = 'mention' ORDER BY 1",
    "SELECT b.term FROM brand_term b JOIN campaign c ON c.brand_id = b.brand_id WHERE c.id = ?1 AND b.kind = 'value' "
    "ORDER BY 1",
    "SELECT b.term FROM brand_term b JOIN campaign c ON c.brand_id = b.brand_id WHERE c.id = ?1 AND b.kind = 'against' "
    "ORDER BY 1",
    "SELECT b.term FROM brand_term b JOIN campaign c ON c.brand_id = b.brand_id WHERE c.id = ?1 AND b.kind = 'alias' "
    "ORDER BY 1",
};

typedef struct reader {
	sqlite3 *db;
	const char *id;
	int64_t as_of;
	arena *memory;
} reader;

static kol_status prepare(reader *r, const char *sql, sqlite3_stmt **st, kol_error *err) {
	int rc = sqlite3_prepare_v2(r->db, sql, -1, st, NULL);
	if (rc != SQLITE_OK)
		return roster_failed(r->db, rc, "reading the campaign", err);
	sqlite3_bind_text(*st, 1, r->id, -1, SQLITE_STATIC);
	if (sqlite3_bind_parameter_count(*st) > 1)
		sqlite3_bind_int64(*st, 2, r->as_of);
	return KOL_OK;
}

static str text_of(reader *r, sqlite3_stmt *st, int i) {
	const char *p = (const char *)sqlite3_column_text(st, i);
	return p ? arena_str(r->memory, (str){p, (size_t)sqlite3_column_bytes(st, i)}) : (str){NULL, 0};
}

static kol_status count_rows(reader *r, const char *sql, int *count, kol_error *err) {
	sqlite3_stmt *st;
	kol_status status = prepare(r, sql, &st, err);
	if (status)
		return status;
	int rc;
	for (*count = 0; (rc = sqlite3_step(st)) == SQLITE_ROW; (*count)++)
		;
	sqlite3_finalize(st);
	return rc == SQLITE_DONE ? KOL_OK : roster_failed(r->db, rc, "reading the campaign", err);
}

/* Runs sql and hands each row to `row`, after making room for them all. */
typedef bool row_reader(reader *r, sqlite3_stmt *st, int i, campaign *out, int which);

static kol_status read_rows(reader *r, const char *sql, int count, row_reader *row, campaign *out, int which,
                            kol_error *err) {
	sqlite3_stmt *st;
	kol_status status = prepare(r, sql, &st, err);
	if (status)
		return status;
	int rc = SQLITE_DONE;
	for (int i = 0; i < count && (rc = sqlite3_step(st)) == SQLITE_ROW; i++)
		if (!row(r, st, i, out, which)) {
			sqlite3_finalize(st);
			return error_memory(err);
		}
	sqlite3_finalize(st);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? KOL_OK : roster_failed(r->db, rc, "reading the campaign", err);
}

static bool list_row(reader *r, sqlite3_stmt *st, int i, campaign *out, int which) {
	out->lists[which][i] = text_of(r, st, 0);
	return out->lists[which][i].p != NULL;
}

static bool override_row(reader *r, sqlite3_stmt *st, int i, campaign *out, int which) {
	(void)which;
	campaign_override *o = &out->overrides[i];
	*o = (campaign_override){text_of(r, st, 0), text_of(r, st, 1), text_of(r, st, 2)};
	return o->rule_id.p && o->name.p && o->value.p;
}

static bool rate_row(reader *r, sqlite3_stmt *st, int i, campaign *out, int which) {
	(void)which;
	out->rates[i] = (campaign_rate){text_of(r, st, 0), sqlite3_column_double(st, 1)};
	return out->rates[i].currency.p != NULL;
}

static bool has_table(reader *r, const char *name) {
	sqlite3_stmt *st;
	if (sqlite3_prepare_v2(r->db, "SELECT 1 FROM sqlite_schema WHERE name = ?1 COLLATE NOCASE", -1, &st, NULL) !=
	    SQLITE_OK)
		return false;
	sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
	bool found = sqlite3_step(st) == SQLITE_ROW;
	sqlite3_finalize(st);
	return found;
}

static kol_status read_lists(reader *r, campaign *out, kol_error *err) {
	for (int i = 0; i < LIST_COUNT; i++) {
		if ((i == LIST_MARKETS && !has_table(r, "campaign_market")) ||
		    (i != LIST_MARKETS && !has_table(r, "brand_term")) ||
		    (i >= LIST_COMPETITORS && i <= LIST_MENTIONS && !has_table(r, "campaign_term")))
			continue;
		kol_status status = count_rows(r, list_sql[i], &out->list_count[i], err);
		if (status)
			return status;
		out->lists[i] = ARENA_ARRAY(r->memory, str, out->list_count[i] + 1);
		if (!out->lists[i])
			return error_memory(err);
		status = read_rows(r, list_sql[i], out->list_count[i], list_row, out, i, err);
		if (status)
			return status;
	}
	return KOL_OK;
}

static kol_status read_settings(reader *r, campaign *out, kol_error *err) {
	static const char sets[] =
	    "SELECT rule_id, name, value FROM campaign_set WHERE campaign_id = ?1 ORDER BY rule_id, name";
	static const char fx[] =
	    "SELECT currency, rate FROM fx AS f WHERE ?1 IS NOT NULL AND at = (SELECT max(at) FROM fx AS g WHERE "
	    "g.currency = f.currency AND g.at <= ?2) ORDER BY currency";
	kol_status status = KOL_OK;
	if (has_table(r, "campaign_set")) {
		status = count_rows(r, sets, &out->override_count, err);
		out->overrides = ARENA_ARRAY(r->memory, campaign_override, out->override_count + 1);
		if (!status)
			status =
			    out->overrides ? read_rows(r, sets, out->override_count, override_row, out, 0, err) : error_memory(err);
	}
	if (!status && has_table(r, "fx")) {
		status = count_rows(r, fx, &out->rate_count, err);
		out->rates = ARENA_ARRAY(r->memory, campaign_rate, out->rate_count + 1);
		if (!status)
			status = out->rates ? read_rows(r, fx, out->rate_count, rate_row, out, 0, err) : error_memory(err);
	}
	return status;
}

static kol_status no_campaign(reader *r, kol_error *err) {
	suggest s;
	char hint[160];
	sqlite3_stmt *st;
	suggest_begin(&s, str_of(r->id));
	int known = 0;
	buffer names = {0};
	if (sqlite3_prepare_v2(r->db, "SELECT id FROM campaign ORDER BY id LIMIT 1000", -1, &st, NULL) == SQLITE_OK) {
		while (sqlite3_step(st) == SQLITE_ROW) {
			str id = text_of(r, st, 0);
			if (!id.p)
				continue;
			suggest_try(&s, id);
			if (known++ < 5)
				buffer_printf(&names, "%s%.*s", known > 1 ? ", " : "", STR_ARG(id));
		}
		sqlite3_finalize(st);
	}
	const char *list = buffer_text(&names);
	suggest_text(&s, hint, sizeof hint);
	kol_status status;
	if (!known)
		status = error_set(err, KOL_E_USAGE,
		                   "there is no campaign '%s': this roster has no campaigns; import one as NDJSON", r->id);
	else if (hint[0])
		status = error_set(err, KOL_E_USAGE, "there is no campaign '%s'%s", r->id, hint);
	else
		status = error_set(err, KOL_E_USAGE, "there is no campaign '%s'; this roster has: %s%s", r->id,
		                   list ? list : "", known <= 5 ? "" : " …");
	buffer_free(&names);
	return status;
}

/* The campaign's own row: every field of the catalogue. */
static kol_status read_row(reader *r, const catalogue *c, campaign *out, kol_error *err) {
	int count = c->count[TABLE_CAMPAIGN];
	out->cells = ARENA_ARRAY(r->memory, campaign_cell, count + 1);
	buffer sql = {0};
	buffer_z(&sql, "SELECT 1");
	for (int i = 0; i < count; i++)
		buffer_printf(&sql, ", %s", c->fields[TABLE_CAMPAIGN][i].sql);
	buffer_z(&sql, " FROM campaign WHERE id = ?1");
	sqlite3_stmt *st = NULL;
	const char *text = buffer_text(&sql);
	kol_status status = !text || !out->cells ? error_memory(err) : prepare(r, text, &st, err);
	buffer_free(&sql);
	if (status)
		return status;
	int rc = sqlite3_step(st);
	if (rc == SQLITE_DONE)
		status = no_campaign(r, err);
	else if (rc != SQLITE_ROW)
		status = roster_failed(r->db, rc, "reading the campaign", err);
	for (int i = 0; rc == SQLITE_ROW && i < count; i++) {
		int type = sqlite3_column_type(st, i + 1);
		bool number = type == SQLITE_INTEGER || type == SQLITE_FLOAT;
		out->cells[i].num = number ? sqlite3_column_double(st, i + 1) : NAN;
		if (c->fields[TABLE_CAMPAIGN][i].kind == KIND_TEXT)
			out->cells[i].text = text_of(r, st, i + 1);
	}
	sqlite3_finalize(st);
	return status;
}

static const char *one_text(reader *r, const char *sql) {
	sqlite3_stmt *st;
	str found = {NULL, 0};
	if (sqlite3_prepare_v2(r->db, sql, -1, &st, NULL) != SQLITE_OK)
		return NULL;
	sqlite3_bind_text(st, 1, r->id, -1, SQLITE_STATIC);
	if (sqlite3_step(st) == SQLITE_ROW)
		found = text_of(r, st, 0);
	sqlite3_finalize(st);
	return found.p;
}

kol_status campaign_read(sqlite3 *db, const catalogue *c, const char *id, int64_t as_of, arena *a, campaign *out,
                         kol_error *err) {
	reader r = {db, arena_text(a, id, strlen(id)), as_of, a};
	memset(out, 0, sizeof *out);
	if (!r.id)
		return error_memory(err);
	if (!c->present[TABLE_CAMPAIGN])
		return error_set(err, KOL_E_USAGE, "there is no campaign '%s': this roster has no table of campaigns", id);
	out->id = r.id;
	kol_status status = read_row(&r, c, out, err);
	if (!status)
		status = read_lists(&r, out, err);
	if (!status)
		status = read_settings(&r, out, err);
	if (status)
		return status;
	out->name = one_text(&r, "SELECT name FROM campaign WHERE id = ?1");
	out->brand = one_text(&r, "SELECT b.name FROM brand b JOIN campaign c ON c.brand_id = b.id WHERE c.id = ?1");
	return KOL_OK;
}

kol_status campaign_somebody(sqlite3 *db, const char *id, bool enrolled, kol_error *err) {
	static const char all[] = "SELECT EXISTS (SELECT 1 FROM creator WHERE ?1 IS NOT NULL)";
	static const char some[] = "SELECT EXISTS (SELECT 1 FROM campaign_creator e JOIN creator c ON c.id = e.creator_id "
	                           "WHERE e.campaign_id = ?1)";
	sqlite3_stmt *st;
	int rc = sqlite3_prepare_v2(db, enrolled ? some : all, -1, &st, NULL);
	if (rc != SQLITE_OK)
		return roster_failed(db, rc, "looking for creators", err);
	sqlite3_bind_text(st, 1, id, -1, SQLITE_STATIC);
	rc = sqlite3_step(st);
	bool found = rc == SQLITE_ROW && sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	if (rc != SQLITE_ROW)
		return roster_failed(db, rc, "looking for creators", err);
	if (found)
		return KOL_OK;
	if (enrolled)
		return error_set(err, KOL_E_USAGE,
		                 "no creator is enrolled in campaign '%s'; leave out --enrolled to vet the whole roster", id);
	return error_set(err, KOL_E_USAGE, "this roster has no creators; import some with `kolander import`");
}

int64_t campaign_count(sqlite3 *db, const char *id, bool enrolled) {
	sqlite3_stmt *st;
	int64_t count = -1;
	static const char all[] = "SELECT count(*) FROM creator";
	static const char some[] = "SELECT count(*) FROM campaign_creator WHERE campaign_id = ?1";
	if (sqlite3_prepare_v2(db, enrolled ? some : all, -1, &st, NULL) != SQLITE_OK)
		return -1;
	if (enrolled)
		sqlite3_bind_text(st, 1, id, -1, SQLITE_STATIC);
	if (sqlite3_step(st) == SQLITE_ROW)
		count = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return count;
}

static kol_status no_creator(sqlite3 *db, str platform, str handle, const char *name, kol_error *err) {
	suggest s;
	char hint[300] = "", best[256] = "";
	sqlite3_stmt *st;
	suggest_begin(&s, handle);
	static const char sql[] = "SELECT platform, handle FROM creator WHERE (?1 IS NULL OR platform = ?1) LIMIT 20000";
	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK) {
		if (platform.p)
			sqlite3_bind_text(st, 1, platform.p, (int)platform.n, SQLITE_STATIC);
		while (sqlite3_step(st) == SQLITE_ROW) {
			const char *p = (const char *)sqlite3_column_text(st, 0), *h = (const char *)sqlite3_column_text(st, 1);
			int before = s.distance;
			if (!p || !h)
				continue;
			suggest_try(&s, str_of(h));
			if (s.distance < before)
				snprintf(best, sizeof best, "%s/%s", p, h);
		}
		sqlite3_finalize(st);
	}
	if (best[0])
		snprintf(hint, sizeof hint, "; did you mean '%s'?", best);
	return error_set(err, KOL_E_USAGE, "there is no creator '%s' in this roster%s", name, hint);
}

kol_status campaign_creator(sqlite3 *db, const char *name, int64_t *id, kol_error *err) {
	str platform = {NULL, 0}, handle = str_of(name);
	const char *slash = strchr(name, '/');
	if (slash) {
		platform = (str){name, (size_t)(slash - name)};
		handle = str_of(slash + 1);
	} else if (name[0] == '@') {
		handle = str_of(name + 1);
	}
	sqlite3_stmt *st;
	static const char sql[] =
	    "SELECT id, platform FROM creator WHERE handle = ?2 COLLATE NOCASE AND (?1 IS NULL OR platform = ?1) "
	    "ORDER BY id LIMIT 2";
	int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
	if (rc != SQLITE_OK)
		return roster_failed(db, rc, "looking for a creator", err);
	if (platform.p)
		sqlite3_bind_text(st, 1, platform.p, (int)platform.n, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, handle.p, (int)handle.n, SQLITE_STATIC);
	char first[64] = "";
	kol_status status = KOL_OK;
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW) {
		*id = sqlite3_column_int64(st, 0);
		const char *p = (const char *)sqlite3_column_text(st, 1);
		snprintf(first, sizeof first, "%s", p ? p : "");
		if (sqlite3_step(st) == SQLITE_ROW)
			status = error_set(err, KOL_E_USAGE, "'%s' is on more than one platform; write it as '%s/%.*s'", name,
			                   first, STR_ARG(handle));
	} else if (rc == SQLITE_DONE) {
		status = no_creator(db, platform, handle, name, err);
	} else {
		status = roster_failed(db, rc, "looking for a creator", err);
	}
	sqlite3_finalize(st);
	return status;
}
