/* ndjson.c: objects → rows. jansson parses; upsert stores. A campaign or brand with lists is several rows, all or none.
 */
#include "import/ndjson.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "import/platform.h"
#include "import/row.h"

/* A number, flag, list or object as the text of a cell. */
static kol_status put_dump(json_t *v, upsert_cell *out, arena *a, kol_error *err) {
	char *dumped = json_dumps(v, JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_COMPACT | JSON_REAL_PRECISION(15));
	char *kept = dumped ? arena_text(a, dumped, strlen(dumped)) : NULL;
	free(dumped);
	if (!kept)
		return error_memory(err);
	*out = (upsert_cell){.kind = CELL_TEXT, .s = str_of(kept)};
	return KOL_OK;
}

static kol_status put_json(const upsert_column *c, json_t *v, upsert_cell *out, arena *a, kol_error *err) {
	*out = (upsert_cell){.kind = CELL_MISSING};
	if (json_is_null(v))
		return KOL_OK;
	bool text = strchr("scl", c->type) != NULL;
	if (json_is_string(v))
		return value_cell((str){json_string_value(v), json_string_length(v)}, c, out, a, err);
	if (json_is_number(v) && !text)
		return value_of_number(json_number_value(v), c, out, err);
	if (json_is_boolean(v) && c->type == 'f') {
		*out = (upsert_cell){.kind = CELL_INTEGER, .i = json_is_true(v)};
		return KOL_OK;
	}
	if (c->type == 's' &&
	    (json_is_number(v) || strcmp(c->name, "extra") == 0 || (json_is_boolean(v) && strcmp(c->name, "value") == 0)))
		return put_dump(v, out, a, err);
	return error_set(err, KOL_E_INPUT, "%s is of the wrong type", c->name);
}

#define LIST_MOST 900 /* bytes of names that are told */

void ndjson_list(buffer *list, str name) {
	static const char more[] = ", …";
	if (!list || list->n > LIST_MOST)
		return;
	name.n = utf8_cut(name, 80);
	for (size_t at = 0; at < list->n;) {
		const char *comma = memmem(list->p + at, list->n - at, ", ", 2);
		size_t end = comma ? (size_t)(comma - list->p) : list->n;
		if (str_eq((str){list->p + at, end - at}, name))
			return;
		at = end + 2;
	}
	if (list->n + name.n > LIST_MOST) {
		buffer_z(list, more);
		while (list->n <= LIST_MOST && !list->failed) /* full from here on */
			buffer_char(list, ' ');
		return;
	}
	if (list->n)
		buffer_z(list, ", ");
	for (size_t i = 0; i < name.n; i++) /* what a terminal would obey is not told */
		buffer_char(list, (unsigned char)name.p[i] < ' ' || name.p[i] == 0x7f ? '?' : name.p[i]);
}

kol_status ndjson_creator(ndjson_context *c, upsert_cell *cells, ndjson_result *out, kol_error *err) {
	static const char *const kept[] = {"followers", "following", "avg_likes", "engagement_rate"};
	upsert_cell *updated = &cells[upsert_column_find(0, STR("updated_at"))];
	if (updated->kind == CELL_MISSING && c->at != INT64_MIN)
		*updated = (upsert_cell){.kind = CELL_INTEGER, .i = c->at};
	kol_status rc = upsert_put(c->u, 0, cells, &out->stored, err);
	if (!rc)
		rc = upsert_creator(c->u, cells[0].s, cells[1].s, &out->creator_id, err);
	if (rc || c->at == INT64_MIN)
		return rc;
	upsert_cell row[UPSERT_COLUMNS] = {{.kind = CELL_INTEGER, .i = out->creator_id}, *updated};
	bool any = false, stored;
	for (int i = 0; i < 4; i++) {
		row[2 + i] = cells[upsert_column_find(0, str_of(kept[i]))];
		any = any || row[2 + i].kind != CELL_MISSING;
	}
	return any ? upsert_put(c->u, upsert_find(STR("history")), row, &stored, err) : KOL_OK;
}

/* What hangs on a campaign or brand: `key` of the object holds texts, each a row (id, kind, text) of `table`. */
static const struct list {
	const char *of, *key, *table, *kind;
} lists[] = {
    {"campaign", "markets", "campaign_market", NULL},
    {"campaign", "competitors", "campaign_term", "competitor"},
    {"campaign", "banned", "campaign_term", "banned"},
    {"campaign", "required", "campaign_term", "required"},
    {"campaign", "hashtags", "campaign_term", "hashtag"},
    {"campaign", "mentions", "campaign_term", "mention"},
    {"brand", "alias", "brand_term", "alias"},
    {"brand", "aliases", "brand_term", "alias"},
    {"brand", "competitor", "brand_term", "competitor"},
    {"brand", "competitors", "brand_term", "competitor"},
    {"brand", "value", "brand_term", "value"},
    {"brand", "values", "brand_term", "value"},
    {"brand", "against", "brand_term", "against"},
    {"brand", "banned", "brand_term", "banned"},
};
#define LISTS (sizeof lists / sizeof *lists)

static const struct list *list_of(const char *table, const char *key) {
	for (size_t i = 0; i < LISTS; i++)
		if (strcmp(lists[i].of, table) == 0 && strcmp(lists[i].key, key) == 0)
			return &lists[i];
	return NULL;
}

static kol_status put_list(ndjson_context *c, const struct list *l, upsert_cell id, json_t *values, kol_error *err) {
	int table = upsert_find(str_of(l->table));
	const upsert_table *t = upsert_describe(table);
	json_t *v;
	size_t i;
	if (!json_is_array(values))
		return error_set(err, KOL_E_INPUT, "%s takes a list of texts", l->key);
	json_array_foreach(values, i, v) {
		upsert_cell cells[UPSERT_COLUMNS] = {id};
		bool stored;
		int last = l->kind ? 2 : 1;
		if (l->kind)
			cells[1] = (upsert_cell){.kind = CELL_TEXT, .s = str_of(l->kind)};
		kol_status rc = json_is_string(v) ? put_json(&t->columns[last], v, &cells[last], &c->memory, err) : KOL_E_INPUT;
		if (rc == KOL_E_MEMORY)
			return rc;
		if (rc || cells[last].kind == CELL_MISSING)
			return error_set(err, KOL_E_INPUT, "%s takes %s", l->key, l->kind ? "texts" : "countries, such as \"DE\"");
		if ((rc = upsert_put(c->u, table, cells, &stored, err)))
			return rc;
	}
	return KOL_OK;
}

static kol_status put_set(ndjson_context *c, upsert_cell id, json_t *rules, kol_error *err) {
	int table = upsert_find(STR("campaign_set"));
	const char *rule, *name;
	json_t *values, *v;
	if (!json_is_object(rules))
		return error_set(err, KOL_E_INPUT, "set takes {\"rule id\": {\"name\": value}}");
	json_object_foreach(rules, rule, values) {
		if (!json_is_object(values))
			return error_set(err, KOL_E_INPUT, "set of '%.80s' takes {\"name\": value}", rule);
		json_object_foreach(values, name, v) {
			upsert_cell cells[UPSERT_COLUMNS] = {
			    id, {.kind = CELL_TEXT, .s = str_of(rule)}, {.kind = CELL_TEXT, .s = str_of(name)}};
			bool stored;
			kol_status rc = put_json(&upsert_describe(table)->columns[3], v, &cells[3], &c->memory, err);
			if (rc || (rc = upsert_put(c->u, table, cells, &stored, err)))
				return rc;
		}
	}
	return KOL_OK;
}

static kol_status put_lists(ndjson_context *c, const char *table, upsert_cell id, json_t *object, kol_error *err) {
	const char *key;
	json_t *v;
	json_object_foreach(object, key, v) {
		const struct list *l = list_of(table, key);
		kol_status rc = KOL_OK;
		if (l)
			rc = put_list(c, l, id, v, err);
		else if (strcmp(key, "set") == 0 && strcmp(table, "campaign") == 0)
			rc = put_set(c, id, v, err);
		if (rc)
			return rc;
	}
	return KOL_OK;
}

/* A brand that is only named gets a row, so that lines may come in any order: its id is its name until one comes. */
static kol_status put_brand(ndjson_context *c, upsert_cell id, kol_error *err) {
	upsert_cell cells[UPSERT_COLUMNS] = {id, id};
	return upsert_ensure(c->u, upsert_find(STR("brand")), cells, err);
}

static kol_status need_keys(const upsert_table *t, const upsert_cell *cells, kol_error *err) {
	for (const upsert_column *c = t->columns; c->name; c++)
		if (c->key && !c->may_miss && !c->blank && c->type != 'o' && cells[c - t->columns].kind == CELL_MISSING)
			return error_set(err, KOL_E_INPUT, "this %s has no %s", t->name, c->name);
	return KOL_OK;
}

static kol_status put_rows(ndjson_context *c, const upsert_table *t, upsert_cell *cells, json_t *object,
                           ndjson_result *out, kol_error *err) {
	bool campaign = strcmp(t->name, "campaign") == 0, brand = strcmp(t->name, "brand") == 0;
	kol_status rc;
	if (out->table == 0)
		return ndjson_creator(c, cells, out, err);
	if (!campaign && !brand)
		return upsert_put(c->u, out->table, cells, &out->stored, err);
	if ((rc = upsert_mark(c->u, err)))
		return rc;
	if (campaign && cells[1].kind == CELL_TEXT)
		rc = put_brand(c, cells[1], err);
	if (!rc)
		rc = upsert_put(c->u, out->table, cells, &out->stored, err);
	if (!rc)
		rc = put_lists(c, t->name, cells[0], object, err);
	kol_status released = upsert_release(c->u, rc == KOL_OK, rc ? NULL : err);
	return rc ? rc : released;
}

/* Keys that are no column: who the row belongs to, and lists that are rows of their own. */
static bool other_key(const upsert_table *t, bool creator, const char *key) {
	if (strcmp(key, "type") == 0 || (!creator && (!strcmp(key, "platform") || !strcmp(key, "handle"))))
		return true;
	if (strcmp(t->name, "campaign") != 0 && strcmp(t->name, "brand") != 0)
		return false;
	return list_of(t->name, key) || (!strcmp(t->name, "campaign") && !strcmp(key, "set"));
}

/* Cells of the object's keys; what has no column goes to extra (creators) and is told. */
static kol_status fill_cells(ndjson_context *c, json_t *object, int table, upsert_cell *cells, kol_error *err) {
	const upsert_table *t = upsert_describe(table);
	json_t *v, *extra = NULL;
	const char *key;
	kol_status rc = KOL_OK;
	json_object_foreach(object, key, v) {
		int at = upsert_column_find(table, str_of(key));
		if (rc)
			break;
		if (other_key(t, table == 0, key))
			continue;
		if (at >= 0 && t->columns[at].type != 'o') {
			rc = put_json(&t->columns[at], v, &cells[at], &c->memory, err);
			continue;
		}
		ndjson_list(c->unknown, str_of(key));
		if (table == 0 && !json_is_null(v) && ((!extra && !(extra = json_object())) || json_object_set(extra, key, v)))
			rc = error_memory(err);
	}
	int last = table == 0 ? upsert_column_find(0, STR("extra")) : 0;
	if (!rc && extra && cells[last].kind == CELL_MISSING)
		rc = put_dump(extra, &cells[last], &c->memory, err);
	json_decref(extra);
	return rc;
}

static str text_of(json_t *object, const char *key) {
	json_t *v = json_object_get(object, key);
	return json_is_string(v) ? (str){json_string_value(v), json_string_length(v)} : (str){0};
}

kol_status ndjson_owner(const char *table, str *platform, str *handle, arena *a, kol_error *err) {
	str on, profile, was = value_trim(*handle);
	bool address = platform_address(was, &on, &profile);
	if (address && !profile.n)
		return error_set(err, KOL_E_INPUT, "'%.*s' is not a profile's address; write the handle",
		                 (int)utf8_cut(was, 80), was.p);
	if (address && value_missing(*platform))
		*platform = on;
	*platform = value_platform(*platform, a);
	*handle = value_handle(*handle);
	if (!platform->n || value_missing(*handle))
		return error_set(err, KOL_E_INPUT, "this %s names no %s", table, platform->n ? "handle" : "platform");
	if (platform->n > 40 || handle->n > 200)
		return error_set(err, KOL_E_INPUT, "the %s is too long to be one", handle->n > 200 ? "handle" : "platform");
	if (address && !str_eq(on, *platform) && !(str_is(on, "x") && str_is(*platform, "twitter")))
		return error_set(err, KOL_E_INPUT, "the handle is an address on %.*s, but the platform is %.*s", STR_ARG(on),
		                 STR_ARG(*platform));
	kol_status rc = platform_check(*platform, err);
	if (rc)
		return rc;
	for (size_t i = 0; i < handle->n; i++)
		if ((unsigned char)handle->p[i] < ' ')
			return error_set(err, KOL_E_INPUT, "the handle holds a character that no handle has");
	return KOL_OK;
}

kol_status ndjson_url(upsert_cell *cells, str handle, arena *a, kol_error *err) {
	upsert_cell *url = &cells[upsert_column_find(0, STR("url"))];
	str platform, profile;
	handle = value_trim(handle);
	if (url->kind != CELL_MISSING || !platform_address(handle, &platform, &profile))
		return KOL_OK;
	bool whole = strncasecmp(handle.p, "http", 4) == 0;
	char *text = arena_printf(a, "%s%.*s", whole ? "" : "https://", STR_ARG(handle));
	if (!text)
		return error_memory(err);
	*url = (upsert_cell){.kind = CELL_TEXT, .s = str_of(text)};
	return KOL_OK;
}

static kol_status put_object(ndjson_context *c, json_t *object, ndjson_result *out, kol_error *err) {
	str type = text_of(object, "type"), platform = text_of(object, "platform"), handle = text_of(object, "handle");
	bool owned = false;
	if (!type.p)
		return error_set(err, KOL_E_INPUT, "the object has no \"type\", such as \"creator\"");
	if ((out->table = upsert_find(type)) < 0)
		return error_set(err, KOL_E_INPUT, "there is no type '%.*s'", (int)utf8_cut(type, 40), type.p);
	const upsert_table *t = upsert_describe(out->table);
	upsert_cell cells[UPSERT_COLUMNS] = {0};
	kol_status rc = fill_cells(c, object, out->table, cells, err);
	for (int i = 0; t->columns[i].name; i++)
		owned = owned || t->columns[i].type == 'o';
	if (!platform.p)
		platform = c->platform;
	if (!rc && out->table == 0)
		rc = ndjson_url(cells, handle, &c->memory, err);
	if (!rc && (owned || out->table == 0))
		rc = ndjson_owner(t->name, &platform, &handle, &c->memory, err);
	if (!rc && out->table == 0) {
		cells[0] = (upsert_cell){.kind = CELL_TEXT, .s = platform};
		cells[1] = (upsert_cell){.kind = CELL_TEXT, .s = handle};
	}
	if (rc || (rc = need_keys(t, cells, err)) || (rc = row_check(t, cells, &c->memory, err)))
		return rc;
	if (strcmp(t->name, "post") == 0 && cells[2].kind == CELL_INTEGER)
		out->posted_at = cells[2].i;
	if (owned)
		return upsert_owned(c->u, out->table, platform, handle, cells, &out->creator_id, &out->stored, err);
	return put_rows(c, t, cells, object, out, err);
}

kol_status ndjson_object(ndjson_context *c, const char *json, size_t n, ndjson_result *out, kol_error *err) {
	json_error_t why;
	*out = (ndjson_result){.posted_at = INT64_MIN};
	arena_reset(&c->memory);
	json_t *object = json_loadb(json, n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why);
	if (!object && (!utf8_valid((str){json, n}) || memchr(json, 0, n))) {
		str text = value_clean((str){json, n}, &c->memory);
		if (!text.p)
			return error_memory(err);
		object = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why);
	}
	if (!object && json_error_code(&why) == json_error_out_of_memory)
		return error_memory(err);
	if (!object)
		return error_set(err, KOL_E_INPUT, "not JSON: %.*s at column %d", (int)utf8_cut(str_of(why.text), 100),
		                 why.text, why.column);
	kol_status rc =
	    json_is_object(object) ? put_object(c, object, out, err) : error_set(err, KOL_E_INPUT, "not a JSON object");
	json_decref(object);
	return rc;
}

void ndjson_free(ndjson_context *c) { arena_free(&c->memory); }
