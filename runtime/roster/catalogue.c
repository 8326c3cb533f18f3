/* catalogue.c: makes the catalogue of fields from the columns a roster really has, tables or views. Uses db. */
#include "roster/catalogue.h"

#include <stdio.h>
#include <strings.h>

#include "roster/db.h"

typedef struct known {
	const char *name;
	enum kind kind;
	const char *help;
} known;

static const known creator_fields[] = {
    {"platform", KIND_TEXT, "the platform's name in lower case"},
    {"handle", KIND_TEXT, "without @"},
    {"followers", KIND_NUMBER, "accounts that follow"},
    {"following", KIND_NUMBER, "accounts followed"},
    {"post_count", KIND_NUMBER, "posts ever published"},
    {"verified", KIND_FLAG, "the platform's mark"},
    {"is_virtual", KIND_FLAG, "no person: generated or animated"},
    {"joined_at", KIND_TIME, "when the account was opened"},
    {"engagement_rate", KIND_SHARE, "interactions per follower and post, 0–1"},
    {"avg_likes", KIND_NUMBER, "per post"},
    {"avg_comments", KIND_NUMBER, "per post"},
    {"avg_shares", KIND_NUMBER, "per post"},
    {"avg_saves", KIND_NUMBER, "per post"},
    {"avg_views", KIND_NUMBER, "per post"},
    {"completion_rate", KIND_SHARE, "views that reach the end, 0–1"},
    {"follower_growth_30d", KIND_NUMBER, "fraction gained in 30 days: 0.05 is 5 %; negative when lost"},
    {"audience_credibility", KIND_SHARE, "followers that are real, 0–1"},
    {"sponsored_share", KIND_SHARE, "posts that are sponsored, 0–1"},
    {"fee", KIND_MONEY, "for one post, in creator.currency"},
    {"currency", KIND_TEXT, "ISO 4217"},
    {"country", KIND_TEXT, "ISO 3166-1 alpha-2"},
    {"language", KIND_TEXT, "BCP 47"},
    {"category", KIND_TEXT, "what the channel is about"},
    {"birth_year", KIND_NUMBER, "year"},
    {"updated_at", KIND_TIME, "when these numbers were true"},
    {"external_id", KIND_TEXT, "the platform's or the export's own id"},
    {"person", KIND_TEXT, "the same for all channels of one human"},
    {"name", KIND_TEXT, "display name"},
    {"url", KIND_TEXT, "address of the profile"},
    {"bio", KIND_TEXT, "the profile's own words"},
    {NULL, KIND_NUMBER, NULL}};

static const known post_fields[] = {{"id", KIND_TEXT, "the platform's id of the post"},
                                    {"posted_at", KIND_TIME, "when it was published"},
                                    {"captured_at", KIND_TIME, "when its numbers were true"},
                                    {"deleted_at", KIND_TIME, "when it was seen to be gone"},
                                    {"likes", KIND_NUMBER, "count"},
                                    {"comments", KIND_NUMBER, "count"},
                                    {"shares", KIND_NUMBER, "count"},
                                    {"saves", KIND_NUMBER, "count"},
                                    {"views", KIND_NUMBER, "count"},
                                    {"reach", KIND_NUMBER, "accounts that saw it"},
                                    {"duration", KIND_NUMBER, "seconds"},
                                    {"completion_rate", KIND_SHARE, "views that reach the end, 0–1"},
                                    {"paid_label", KIND_FLAG, "carries the platform's paid partnership label"},
                                    {"ai_label", KIND_FLAG, "carries the platform's label for generated content"},
                                    {"format", KIND_TEXT, "reel, story, video, image …"},
                                    {"style", KIND_TEXT, "review, tutorial, unboxing, haul …"},
                                    {"relationship", KIND_TEXT, "paid, gifted, affiliate, invited, own or employee"},
                                    {"sponsor", KIND_TEXT, "brand"},
                                    {"campaign_id", KIND_TEXT, "campaign the post belongs to"},
                                    {"language", KIND_TEXT, "BCP 47"},
                                    {"media_sha256", KIND_TEXT, "hex digest of the picture or video"},
                                    {"url", KIND_TEXT, "address of the post"},
                                    {"title", KIND_TEXT, ""},
                                    {"caption", KIND_TEXT, ""},
                                    {"overlay_text", KIND_TEXT, "words shown in the picture"},
                                    {"first_comment", KIND_TEXT, "the creator's own first comment"},
                                    {"transcript", KIND_TEXT, "words spoken"},
                                    {NULL, KIND_NUMBER, NULL}};

static const known partnership_fields[] = {{"brand", KIND_TEXT, "brand id or name"},
                                           {"campaign_id", KIND_TEXT, ""},
                                           {"kind", KIND_TEXT, "paid, gifted, ambassador …"},
                                           {"started_on", KIND_TIME, "first day"},
                                           {"ended_on", KIND_TIME, "last day"},
                                           {"exclusive_until", KIND_TIME, "last day on which rivals are barred"},
                                           {"fee", KIND_MONEY, "in the row's currency"},
                                           {"currency", KIND_TEXT, "ISO 4217"},
                                           {"impressions", KIND_NUMBER, "count"},
                                           {"clicks", KIND_NUMBER, "count"},
                                           {"conversions", KIND_NUMBER, "count"},
                                           {"revenue", KIND_MONEY, "in the row's currency"},
                                           {NULL, KIND_NUMBER, NULL}};

static const known comment_fields[] = {{"post_id", KIND_TEXT, "the post it stands under"},
                                       {"id", KIND_TEXT, "the platform's id of the comment"},
                                       {"posted_at", KIND_TIME, "when it was written"},
                                       {"likes", KIND_NUMBER, "count"},
                                       {"author", KIND_TEXT, "handle"},
                                       {"text", KIND_TEXT, ""},
                                       {NULL, KIND_NUMBER, NULL}};

static const known history_fields[] = {{"at", KIND_TIME, "when these numbers were true"},
                                       {"followers", KIND_NUMBER, "accounts that follow"},
                                       {"following", KIND_NUMBER, "accounts followed"},
                                       {"avg_likes", KIND_NUMBER, "per post"},
                                       {"engagement_rate", KIND_SHARE, "interactions per follower and post, 0–1"},
                                       {NULL, KIND_NUMBER, NULL}};

static const known credential_fields[] = {{"kind", KIND_TEXT, "permit or licence: uae_permit, sebi, medical …"},
                                          {"number", KIND_TEXT, "as printed on it"},
                                          {"valid_from", KIND_TIME, "first day"},
                                          {"valid_to", KIND_TIME, "last day"},
                                          {NULL, KIND_NUMBER, NULL}};

static const known audience_fields[] = {{"dimension", KIND_TEXT, "country, city, gender, age …"},
                                        {"segment", KIND_TEXT, "DE, female, 18-24 …"},
                                        {"share", KIND_SHARE, "of the audience, 0–1"},
                                        {NULL, KIND_NUMBER, NULL}};

static const known campaign_fields[] = {{"id", KIND_TEXT, ""},
                                        {"brand_id", KIND_TEXT, ""},
                                        {"name", KIND_TEXT, ""},
                                        {"goal", KIND_TEXT, "awareness, conversion …"},
                                        {"status", KIND_TEXT, "draft, active or done"},
                                        {"starts_on", KIND_TIME, "first day"},
                                        {"ends_on", KIND_TIME, "last day"},
                                        {"budget", KIND_MONEY, "in campaign.currency"},
                                        {"currency", KIND_TEXT, "ISO 4217"},
                                        {NULL, KIND_NUMBER, NULL}};

static const known *const known_fields[TABLE_COUNT] = {creator_fields,  post_fields,    partnership_fields,
                                                       comment_fields,  history_fields, credential_fields,
                                                       audience_fields, campaign_fields};

/* The column that tells a row's age, and the field made from it. */
static const struct aged {
	const char *column, *name, *help;
} aged[TABLE_COUNT] = {
    [TABLE_CREATOR] = {"joined_at", "account_age_days", "whole days since the account was opened"},
    [TABLE_POST] = {"posted_at", "age_days", "whole days since it was published"},
    [TABLE_PARTNERSHIP] = {"started_on", "age_days", "whole days since it started"},
    [TABLE_COMMENT] = {"posted_at", "age_days", "whole days since it was written"},
    [TABLE_HISTORY] = {"at", "age_days", "whole days since these numbers were true"},
};

/* ---- columns ---- */

static bool has_prefix(const char *name, const char *prefix) { return !strncasecmp(name, prefix, strlen(prefix)); }

/* By SQLite's own rule of affinity. */
static bool declares(const char *type, const char *word) { return type && strcasestr(type, word) != NULL; }

static enum kind extra_kind(const char *name, const char *type) {
	if (has_prefix(name, "is_") || has_prefix(name, "has_"))
		return KIND_FLAG;
	if (declares(type, "INT"))
		return KIND_NUMBER;
	return !type || !*type || declares(type, "CHAR") || declares(type, "TEXT") || declares(type, "CLOB") ? KIND_TEXT
	                                                                                                     : KIND_NUMBER;
}

static bool hidden(enum table t, const char *name) {
	if (t == TABLE_CREATOR)
		return !strcasecmp(name, "id") || !strcasecmp(name, "extra");
	return !strcasecmp(name, "creator_id");
}

static const known *find_known(enum table t, const char *name) {
	for (const known *k = known_fields[t]; k->name; k++)
		if (!strcasecmp(k->name, name))
			return k;
	return NULL;
}

/* A column's name as an SQL expression: in quotes, which are doubled within. */
static const char *quoted(arena *a, const char *name) {
	char *out = arena_alloc(a, strlen(name) * 2 + 3), *p = out;
	if (!out)
		return NULL;
	*p++ = '"';
	for (; *name; name++) {
		if (*name == '"')
			*p++ = '"';
		*p++ = *name;
	}
	*p++ = '"';
	*p = 0;
	return out;
}

static bool add(catalogue *c, enum table t, field f) {
	c->fields[t][c->count[t]++] = f;
	return f.name && f.sql;
}

static bool add_column(catalogue *c, enum table t, arena *a, const char *name, const char *type) {
	const known *k = find_known(t, name);
	/* Rules write names in lower case, whatever a team's view calls its columns. */
	const char *shown = k ? k->name : arena_text(a, name, strlen(name));
	return add(c, t,
	           (field){.name = shown,
	                   .sql = quoted(a, name),
	                   .kind = k ? k->kind : extra_kind(name, type),
	                   .extra = !k,
	                   .help = k ? k->help : ""});
}

static bool free_name(const catalogue *c, enum table t, const char *name) {
	return catalogue_find(c, t, str_of(name)) < 0;
}

static bool add_derived(catalogue *c, enum table t, arena *a) {
	const struct aged *g = &aged[t];
	if (g->column && !free_name(c, t, g->column) && free_name(c, t, g->name)) {
		const char *sql = arena_printf(
		    a, "CASE WHEN typeof(\"%s\") IN ('integer', 'real') THEN max(0, CAST((?1 - \"%s\") / %d AS INTEGER)) END",
		    g->column, g->column, 86400);
		if (!add(c, t, (field){.name = g->name, .sql = sql, .kind = KIND_NUMBER, .help = g->help}))
			return false;
	}
	if (t != TABLE_POST || !free_name(c, t, "sponsored"))
		return true;
	bool relation = !free_name(c, t, "relationship"), label = !free_name(c, t, "paid_label");
	if (!relation && !label)
		return true;
	const char *sql = arena_printf(a, "CASE%s%s END", relation ? " WHEN \"relationship\" IS NOT NULL THEN 1" : "",
	                               label ? " WHEN \"paid_label\" IN (0, 1) THEN \"paid_label\"" : "");
	return add(c, t,
	           (field){.name = "sponsored",
	                   .sql = sql,
	                   .kind = KIND_FLAG,
	                   .help = "a relationship is recorded, or it carries the paid label"});
}

static kol_status read_table(sqlite3 *db, enum table t, arena *a, catalogue *out, kol_error *err) {
	static const char sql[] = "SELECT name, type FROM pragma_table_xinfo(?1) WHERE hidden <> 1 ORDER BY cid";
	sqlite3_stmt *st;
	int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL), columns = 0;
	if (rc != SQLITE_OK)
		return roster_failed(db, rc, "reading the roster's columns", err);
	sqlite3_bind_text(st, 1, table_names[t], -1, SQLITE_STATIC);
	while ((rc = sqlite3_step(st)) == SQLITE_ROW)
		columns++;
	sqlite3_reset(st);
	out->present[t] = columns > 0;
	/* Two derived fields at most. */
	out->fields[t] = ARENA_ARRAY(a, field, columns + 2);
	bool fine = out->fields[t] != NULL;
	while (fine && (rc = sqlite3_step(st)) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(st, 0), *type = (const char *)sqlite3_column_text(st, 1);
		fine = name && (hidden(t, name) || out->count[t] >= columns || add_column(out, t, a, name, type));
	}
	sqlite3_finalize(st);
	if (fine && rc != SQLITE_DONE)
		return roster_failed(db, rc, "reading the roster's columns", err);
	return fine && add_derived(out, t, a) ? KOL_OK : error_memory(err);
}

kol_status catalogue_read(sqlite3 *db, arena *a, catalogue *out, kol_error *err) {
	memset(out, 0, sizeof *out);
	kol_status status = KOL_OK;
	for (int t = 0; t < TABLE_COUNT && !status; t++)
		status = read_table(db, (enum table)t, a, out, err);
	return status;
}

bool catalogue_column(sqlite3 *db, const char *table, const char *column) {
	sqlite3_stmt *st;
	static const char sql[] = "SELECT 1 FROM pragma_table_xinfo(?1) WHERE name = ?2 COLLATE NOCASE";
	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		return false;
	sqlite3_bind_text(st, 1, table, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, column, -1, SQLITE_STATIC);
	bool found = sqlite3_step(st) == SQLITE_ROW;
	sqlite3_finalize(st);
	return found;
}
