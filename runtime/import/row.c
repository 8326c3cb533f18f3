/* row.c: checks a row's values against each other and against what the roster takes, so that its constraints, which
 * speak SQL, never have to. Uses values, base/suggest. Knows no files. */
#include "import/row.h"

#include <stdio.h>

#include "base/suggest.h"
#include "base/utf8.h"

#define CHOICES 9

static const struct choice {
	const char *table, *column, *words[CHOICES];
} choices[] = {
    {"audience", "dimension", {"country", "city", "gender", "age", "gender_age", "language", "interest", "type"}},
    {"post", "relationship", {"paid", "gifted", "affiliate", "invited", "own", "employee"}},
    {"coverage", "of", {"posts", "comments", "partnerships", "history", "credentials"}},
    {"campaign", "status", {"draft", "active", "done"}},
    {"brand_term", "kind", {"alias", "competitor", "value", "against", "banned"}},
    {"campaign_term", "kind", {"banned", "required", "competitor", "hashtag", "mention"}},
};

/* Columns that are no key and yet must be there. */
static const char *const needed[][2] = {
    {"campaign", "brand_id"}, {"brand", "name"}, {"fx", "rate"}, {"campaign_set", "value"}};

static upsert_cell *cell_of(const upsert_table *t, upsert_cell *cells, const char *name) {
	for (int i = 0; t->columns[i].name; i++)
		if (strcmp(t->columns[i].name, name) == 0)
			return &cells[i];
	return NULL;
}

static kol_status check_choice(const struct choice *c, const upsert_cell *cell, kol_error *err) {
	char near[100], list[160] = "";
	suggest s;
	if (cell->kind != CELL_TEXT)
		return KOL_OK;
	suggest_begin(&s, cell->s);
	for (int i = 0; c->words[i]; i++) {
		size_t n = strlen(list);
		if (str_is(cell->s, c->words[i]))
			return KOL_OK;
		suggest_try(&s, str_of(c->words[i]));
		snprintf(list + n, sizeof list - n, "%s%s", n ? ", " : "", c->words[i]);
	}
	return error_set(err, KOL_E_INPUT, "%s is one of %s, not '%.*s'%s", c->column, list, (int)utf8_cut(cell->s, 40),
	                 cell->s.p, suggest_text(&s, near, sizeof near));
}

static kol_status check_currency(upsert_cell *cell, arena *a, kol_error *err) {
	str s = value_trim(cell->s);
	bool ok = s.n == 3;
	char upper[3];
	if (value_missing(s)) {
		cell->kind = CELL_MISSING;
		return KOL_OK;
	}
	for (size_t i = 0; i < 3 && ok; i++) {
		upper[i] = (char)(s.p[i] >= 'a' && s.p[i] <= 'z' ? s.p[i] - 32 : s.p[i]);
		ok = upper[i] >= 'A' && upper[i] <= 'Z';
	}
	if (!ok)
		return error_set(err, KOL_E_INPUT, "currency '%.*s' is not a code of three letters, such as EUR",
		                 (int)utf8_cut(s, 40), s.p);
	cell->s = arena_str(a, (str){upper, 3});
	return cell->s.p ? KOL_OK : error_memory(err);
}

static kol_status check_audience(const upsert_table *t, upsert_cell *cells, arena *a, kol_error *err) {
	const upsert_cell *dimension = cell_of(t, cells, "dimension"), *share = cell_of(t, cells, "share");
	upsert_cell *segment = cell_of(t, cells, "segment");
	if (share->kind == CELL_REAL && share->r > 1)
		return error_set(err, KOL_E_INPUT, "share %.10g is above 1; write a percentage with its %%", share->r);
	if (share->kind == CELL_REAL && share->r < 0)
		return error_set(err, KOL_E_INPUT, "share %.10g is below zero", share->r);
	if (dimension->kind != CELL_TEXT || !str_is(dimension->s, "country") || segment->kind != CELL_TEXT)
		return KOL_OK;
	static const upsert_column country = {.name = "segment", .type = 'c'};
	upsert_cell code;
	kol_status rc = value_cell(segment->s, &country, &code, a, err);
	if (!rc && code.kind == CELL_MISSING)
		rc = error_set(err, KOL_E_INPUT, "segment '%.*s' is not a country; write its name or a code such as DE",
		               (int)utf8_cut(segment->s, 40), segment->s.p);
	if (!rc)
		*segment = code;
	return rc;
}

kol_status row_check(const upsert_table *t, upsert_cell *cells, arena *a, kol_error *err) {
	kol_status rc = KOL_OK;
	upsert_cell *currency = cell_of(t, cells, "currency");
	if (currency && currency->kind == CELL_TEXT)
		rc = check_currency(currency, a, err);
	for (size_t i = 0; i < sizeof choices / sizeof *choices && !rc; i++)
		if (strcmp(choices[i].table, t->name) == 0)
			rc = check_choice(&choices[i], cell_of(t, cells, choices[i].column), err);
	if (!rc && strcmp(t->name, "audience") == 0)
		rc = check_audience(t, cells, a, err);
	for (size_t i = 0; i < sizeof needed / sizeof *needed && !rc; i++)
		if (strcmp(needed[i][0], t->name) == 0 && cell_of(t, cells, needed[i][1])->kind == CELL_MISSING)
			rc = error_set(err, KOL_E_INPUT, "this %s has no %s", t->name, needed[i][1]);
	if (!rc && strcmp(t->name, "fx") == 0 && cell_of(t, cells, "rate")->r <= 0)
		rc = error_set(err, KOL_E_INPUT, "the rate of a currency is above zero");
	if (!rc && currency && currency->kind == CELL_MISSING && strcmp(t->name, "fx") == 0)
		rc = error_set(err, KOL_E_INPUT, "this fx has no currency");
	return rc;
}
