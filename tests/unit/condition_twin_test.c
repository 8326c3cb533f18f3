/* condition_twin_test.c: fast paths change speed, never answers: random conditions over random creators are asked of
 * the condition engine and of its slow twin (twin_eval.c), and every answer must be the same. Prints TAP.
 * Arguments: how many conditions (20,000), the seed (1). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "rules/condition.h"
#include "twin_make.h"

#define SAY STR("{creator.followers} {creator.country} {set.days:d} {campaign.note} {market}")
enum { PLAN = 40, BATCHES = 2, MOST_NODES = 4096, SHOWN = 20 };

typedef struct asked { /* one condition */
	tree *t;
	str source;
	enum table rows;
	int program; /* -1: refused */
} asked;

typedef struct run {
	arena memory;
	rng r;
	catalogue fields;
	values campaign, set, lookups;
	value market;
	rates fx;
	fetch want;
	conditions *all;
	asked asked[PLAN];
	world w;
	arena told, words;
	long conditions, refused, answers, unknown, values_told;
	const tree *last; /* whose difference was shown last: once is enough */
	long differences;
} run;

static int tests, failures;

static void check(bool ok, const char *what) {
	printf("%s %d - %s\n", ok ? "ok" : "not ok", ++tests, what);
	failures += !ok;
}

static void stop(const char *what) {
	printf("Bail out! %s\n", what);
	exit(1);
}

static void *must(void *p) {
	if (!p)
		stop("out of memory");
	return p;
}

/* ---- the plan ---- */

static void make_catalogue(run *r) {
	for (int t = 0; t < TABLE_COUNT; t++) {
		r->fields.fields[t] = must(ARENA_ARRAY(&r->memory, field, TWIN_FIELDS));
		for (int i = 0; i < TWIN_FIELDS && twin_fields[t][i].name; i++)
			r->fields.fields[t][r->fields.count[t]++] =
			    (field){twin_fields[t][i].name, "", twin_fields[t][i].kind, false, ""};
		r->fields.present[t] = t <= TABLE_PARTNERSHIP || t == TABLE_AUDIENCE || chance(&r->r, 80);
	}
}

static value make_list(arena *a, const twin_list *list) {
	str *texts = must(ARENA_ARRAY(a, str, TWIN_LIST));
	double *nums = must(ARENA_ARRAY(a, double, TWIN_LIST));
	for (int i = 0; i < list->count; i++) {
		texts[i] = str_of(list->items[i].text);
		nums[i] = list->items[i].num;
	}
	return (value){.shape = VALUE_LIST,
	               .kind = list->numbers ? KIND_NUMBER : KIND_TEXT,
	               .count = list->count,
	               .texts = list->numbers ? NULL : texts,
	               .nums = list->numbers ? nums : NULL};
}

static value make_value(arena *a, const twin_name *n) {
	value v = {.kind = n->kind, .shape = VALUE_ONE, .num = n->value.num, .text = str_of(n->value.text)};
	if (n->list)
		return make_list(a, n->list);
	if (n->kind == KIND_TEXT ? !n->value.text : isnan(n->value.num)) {
		v.shape = VALUE_MISSING;
	} else if (n->kind == KIND_MONEY) {
		v.currency = STR("EUR");
	}
	return v;
}

static void make_names(run *r) {
	r->campaign.items = must(ARENA_ARRAY(&r->memory, named_value, twin_name_count));
	r->set.items = must(ARENA_ARRAY(&r->memory, named_value, twin_name_count));
	for (int i = 0; i < twin_name_count; i++) {
		const char *dot = strchr(twin_names[i].name, '.');
		value v = make_value(&r->memory, &twin_names[i]);
		values *to = twin_names[i].name[0] == 'c' ? &r->campaign : &r->set;
		if (dot)
			to->items[to->count++] = (named_value){str_of(dot + 1), v};
		else
			r->market = v;
	}
	rate *items = must(ARENA_ARRAY(&r->memory, rate, twin_rate_count));
	for (int i = 0; i < twin_rate_count; i++)
		items[i] = (rate){str_of(twin_rates[i].currency), twin_rates[i].rate};
	r->fx = (rates){items, twin_rate_count};
}

/* The member `name` of a table; a new one at the end where the last has another name: entries come sorted. */
static value *member(run *r, values *of, const char *name) {
	if (!of->items)
		of->items = must(ARENA_ARRAY(&r->memory, named_value, twin_entry_count));
	if (!of->count || !str_is(of->items[of->count - 1].name, name))
		of->items[of->count++] = (named_value){str_of(name), {.shape = VALUE_TABLE}};
	return &of->items[of->count - 1].v;
}

static void make_lookups(run *r) {
	named_value *lists = must(ARENA_NEW(&r->memory, named_value));
	*lists = (named_value){STR("DE"), make_list(&r->memory, &twin_looked_up)};
	*member(r, &r->lookups, "lists") = (value){.shape = VALUE_TABLE, .count = 1, .members = lists};
	for (int i = 0; i < twin_entry_count; i++) {
		const twin_entry *e = &twin_entries[i];
		value *v = member(r, &r->lookups, e->table);
		for (int k = 0; k < 2 && e->keys[k]; k++) {
			values inner = {(named_value *)(uintptr_t)v->members, v->count};
			value *below = member(r, &inner, e->keys[k]);
			v->members = inner.items;
			v->count = inner.count;
			v = below;
		}
		bool flag = strcmp(e->table, "allowed") == 0;
		*v = (value){.shape = VALUE_ONE,
		             .kind = e->value.text ? KIND_TEXT
		                     : flag        ? KIND_FLAG
		                                   : KIND_NUMBER,
		             .num = e->value.num,
		             .text = str_of(e->value.text)};
	}
}

static void make_plan(run *r, buffer *source) {
	static const char *const ids[] = {"a/one", "a/two", "b/three", "a/self"};
	struct kol_problems problems = {0};
	r->all = must(conditions_new(&r->memory));
	for (int i = 0; i < PLAN; i++) {
		asked *q = &r->asked[i];
		kol_error err;
		q->rows = chance(&r->r, 75) ? TABLE_CREATOR : TABLE_POST;
		q->t = make_condition(&(maker){&r->memory, &r->r, q->rows, TABLE_CREATOR});
		print_condition(q->t, &r->r, source);
		q->source = arena_str(&r->memory, (str){source->p, source->n});
		scope s = {&r->fields, q->rows, &r->campaign, &r->set, &r->market, &r->lookups, &r->fx, TWIN_AS_OF, r->w.assume,
		           ids,        4,       NULL,         0,       NULL,       NULL};
		const condition *c = condition_parse(
		    &r->memory, q->source, (source_place){.path = "twin.lua", .line = 1, .column = 1, .rule = "a/self"}, &err);
		if (!c)
			problems_add(&problems, &err);
		q->program = c ? conditions_add(r->all, c, &s, &r->want, &problems) : -1;
		if (q->program >= 0)
			conditions_check_say(r->all, q->program, SAY, (source_place){.path = "twin.lua", .line = 1}, &problems);
		r->conditions++;
		r->refused += q->program < 0;
		if (q->program < 0 && getenv("TELL"))
			printf("# refused: %.*s\n#   %s\n", STR_ARG(q->source), problems.items[problems.count - 1].message);
	}
	if (problems.count && !getenv("TELL"))
		printf("# %s\n", problems.items[0].message);
	problems_free(&problems);
}

/* ---- frames ---- */

static frame make_frame(run *r, arena *a, enum table t, const twin_row *rows, int n, const frame *parent) {
	frame f = {.table = t, .catalogue = &r->fields, .fetch = &r->want, .rows = n, .parent = parent};
	f.columns = must(ARENA_ARRAY(a, column, r->want.count[t] + 1));
	f.owner = must(ARENA_ARRAY(a, uint16_t, FRAME_ROWS));
	for (int i = 0; i < n; i++)
		f.owner[i] = (uint16_t)rows[i].owner;
	for (int s = 0; s < r->want.count[t]; s++) {
		bool text = frame_kind(&f, s) == KIND_TEXT;
		if (text)
			f.columns[s].text = must(ARENA_ARRAY(a, str, FRAME_ROWS));
		else
			f.columns[s].num = must(ARENA_ARRAY(a, double, FRAME_ROWS));
		for (int i = 0; i < FRAME_ROWS; i++) { /* behind the last row anything may stand */
			cell c = i < n ? rows[i].cells[r->want.field[t][s]] : (cell){10, "US"};
			if (text)
				f.columns[s].text[i] = str_of(c.text);
			else
				f.columns[s].num[i] = c.num;
		}
	}
	return f;
}

static void fill_coverage(const world *w, arena *a, coverage *out) {
	for (int of = 0; of < COVERED_COUNT; of++) {
		int n = 0;
		out->spans[of] = must(ARENA_ARRAY(a, span, w->creators * TWIN_SPANS + 1));
		for (int i = 0; i < w->creators; i++) {
			out->first[of][i] = n;
			for (int k = 0; k < w->span_count[of][i]; k++)
				out->spans[of][n++] = w->spans[of][i][k];
		}
		out->first[of][w->creators] = n;
	}
}

static int chunk_size(rng *r) {
	return chance(r, 50) ? FRAME_ROWS : chance(r, 50) ? 1 + pick(r, 70) : 1 + pick(r, FRAME_ROWS);
}

static void feed(run *r, arena *a, scan *s, const frame *creators, const coverage *covered) {
	kol_error err;
	if (scan_begin(s, creators, covered, &err))
		stop(err.message);
	for (int t = TABLE_POST; t <= TABLE_AUDIENCE; t++) {
		int end = r->w.first[t][r->w.creators];
		for (int from = 0, n; (conditions_tables(r->all) >> t & 1) && from < end; from += n) {
			n = chunk_size(&r->r);
			n = n < end - from ? n : end - from;
			frame f = make_frame(r, a, (enum table)t, r->w.rows[t] + from, n, creators);
			if (scan_chunk(s, &f, &err))
				stop(err.message);
		}
	}
	for (int i = 0; i < conditions_failed_count(r->all); i++) {
		int count, glob = conditions_failed_rules(r->all, i, &count)[0] == 2;
		scan_failed(s, i, r->w.failed[glob], r->w.open[glob]);
	}
}

/* ---- both are asked ---- */

static void differ(run *r, const asked *q, const place *at, const char *what, const answer *twin, const char *engine) {
	bool again = r->last == q->t;
	r->last = q->t;
	r->differences += !again;
	if (again || r->differences > SHOWN)
		return;
	printf("# %.*s\n#   %s: the twin says %d [%g, %g] '%s', the engine %s\n#   creator %d:", STR_ARG(q->source), what,
	       twin->truth, twin->lo, twin->hi, twin->text ? twin->text : "-", engine, at->creator);
	for (int table = 0; table < (at->row ? 2 : 1); table++) {
		const twin_row *row = table ? at->row : &at->w->creator[at->creator];
		for (int i = 0; i < TWIN_FIELDS && twin_fields[table][i].name; i++)
			if (row->cells[i].text)
				printf(" %s='%s'", twin_fields[table][i].name, row->cells[i].text);
			else
				printf(" %s=%.9g", twin_fields[table][i].name, row->cells[i].num);
	}
	printf("\n");
}

/* The part of the tree that is called so; NULL: none that both know. */
static const tree *find_part(const tree *t, str source, str name) {
	if ((int)name.n == t->to - t->from && memcmp(source.p + t->from, name.p, name.n) == 0)
		return t;
	for (int i = 0; t->op != TREE_ROWS && t->op != TREE_SHARE && i < t->kid_count; i++) {
		const tree *found = find_part(t->kids[i], source, name);
		if (found)
			return found;
	}
	return NULL;
}

static const tree *find_told(const asked *q, str name) {
	const tree *t = find_part(q->t, q->source, name);
	while (!t && name.n > 2 && name.p[0] == '(') {
		name = (str){name.p + 1, name.n - 2};
		t = find_part(q->t, q->source, name);
	}
	return t;
}

static void compare_told(run *r, const asked *q, const place *at, const told *v) {
	const tree *t = find_told(q, v->name);
	char said[200];
	answer twin;
	if (!t || t->op == TREE_DIMENSION)
		return;
	twin_eval(t, at, &twin);
	bool same;
	if (t->type == TREE_TEXT)
		same = twin.text ? v->text.p && str_is(v->text, twin.text) : !v->text.p;
	else if (t->type == TREE_TRUTH)
		same = twin.truth < 0 ? isnan(v->lo) : v->lo == twin.truth;
	else
		same = isnan(twin.lo) ? isnan(v->lo) : v->lo == twin.lo && v->hi == twin.hi;
	r->values_told++;
	if (same)
		return;
	snprintf(said, sizeof said, "[%g, %g] '%.*s'", v->lo, v->hi, (int)(v->text.n < 100 ? v->text.n : 100),
	         v->text.p ? v->text.p : "");
	char *what = must(arena_printf(&r->told, "told value of %.*s", STR_ARG(v->name)));
	differ(r, q, at, what, &twin, said);
}

/* "creator.fee" is told as missing only where it is; "post.views" where some post lacks it. */
static bool truly_missing(const world *w, int creator, str name) {
	for (int t = TABLE_CREATOR; t <= TABLE_CREDENTIAL; t++) {
		const twin_row *rows = t == TABLE_CREATOR ? &w->creator[creator] : w->rows[t] + w->first[t][creator];
		int n = t == TABLE_CREATOR ? 1 : w->first[t][creator + 1] - w->first[t][creator];
		for (int f = 0; f < TWIN_FIELDS && twin_fields[t][f].name; f++) {
			char full[60];
			snprintf(full, sizeof full, "%s.%s", table_names[t], twin_fields[t][f].name);
			if (!str_is(name, full))
				continue;
			for (int i = 0; i < n; i++)
				if (isnan(rows[i].cells[f].num) && !rows[i].cells[f].text)
					return true;
			return false;
		}
	}
	return true; /* no field */
}

static void explain(run *r, scan *s, const asked *q, const frame *f, int row, const place *at) {
	explanation e;
	kol_error err;
	if (scan_explain(s, q->program, f, row, chance(&r->r, 80) ? (str){0} : SAY, &r->told, &e, &err))
		stop(err.message);
	for (int i = 0; i < e.value_count; i++)
		compare_told(r, q, at, &e.values[i]);
	for (int i = 0; i < e.missing_count; i++)
		if (!truly_missing(&r->w, at->creator, e.missing[i]))
			differ(r, q, at, "explanation", &(answer){.type = TREE_TRUTH},
			       must(arena_text(&r->told, e.missing[i].p, e.missing[i].n)));
	if (!e.message.n)
		differ(r, q, at, "explanation", &(answer){.type = TREE_TRUTH}, "has no message");
	arena_reset(&r->told);
}

static void ask(run *r, scan *s, const asked *q, const frame *f, const twin_row *rows) {
	mask truth, unknown;
	kol_error err;
	if (scan_eval(s, q->program, f, &truth, &unknown, &err))
		stop(err.message);
	for (int i = 0; i < FRAME_ROWS; i++) {
		bool yes = truth.bits[i / 64] >> (i % 64) & 1, open = unknown.bits[i / 64] >> (i % 64) & 1;
		answer twin = {.type = TREE_TRUTH};
		place at = {&r->w, i < f->rows ? rows[i].owner : 0, q->rows == TABLE_CREATOR ? NULL : &rows[i], &r->words};
		if (i < f->rows)
			twin_eval(q->t, &at, &twin);
		else
			at.row = NULL;
		if (yes != (twin.truth == 1) || open != (twin.truth < 0))
			differ(r, q, &at, i < f->rows ? "answer" : "bits behind the last row", &twin,
			       open  ? "unknown"
			       : yes ? "true"
			             : "false");
		else if (i < f->rows && chance(&r->r, f->rows < 10 ? 20 : 1))
			explain(r, s, q, f, i, &at);
		arena_reset(&r->words);
		r->answers += i < f->rows;
		r->unknown += open;
	}
}

static void ask_all(run *r, arena *a, scan *s, const frame *creators) {
	for (int k = 0; k < PLAN; k++)
		if (r->asked[k].program >= 0 && r->asked[k].rows == TABLE_CREATOR)
			ask(r, s, &r->asked[k], creators, r->w.creator);
	int end = r->w.first[TABLE_POST][r->w.creators];
	for (int from = 0, n; from < end; from += n) {
		n = chunk_size(&r->r);
		n = n < end - from ? n : end - from;
		const twin_row *rows = r->w.rows[TABLE_POST] + from;
		frame f = make_frame(r, a, TABLE_POST, rows, n, creators);
		for (int k = 0; k < PLAN; k++)
			if (r->asked[k].program >= 0 && r->asked[k].rows == TABLE_POST && chance(&r->r, 30))
				ask(r, s, &r->asked[k], &f, rows);
	}
}

static void plan_and_ask(run *r, buffer *source) {
	kol_error err;
	make_catalogue(r);
	make_names(r);
	make_lookups(r);
	r->w.assume = chance(&r->r, 70) ? 0 : (assume)pick(&r->r, 1 << COVERED_COUNT);
	make_plan(r, source);
	scan *s = must(scan_new(r->all, NULL, &err));
	for (int b = 0; b < BATCHES; b++) {
		arena batch = {0};
		coverage *covered = must(ARENA_NEW(&batch, coverage));
		make_world(&r->w, &r->r, &r->fields, &batch);
		fill_coverage(&r->w, &batch, covered);
		frame creators = make_frame(r, &batch, TABLE_CREATOR, r->w.creator, r->w.creators, NULL);
		feed(r, &batch, s, &creators, covered);
		ask_all(r, &batch, s, &creators);
		arena_free(&batch);
	}
	scan_free(s);
	fetch_free(&r->want);
	memset(&r->want, 0, sizeof r->want);
	r->fields = (catalogue){0};
	r->campaign = r->set = r->lookups = (values){0};
	arena_reset(&r->memory);
}

int main(int argc, char **argv) {
	long most = argc > 1 ? atol(argv[1]) : 20000;
	run *r = must(calloc(1, sizeof *r));
	buffer source = {0};
	r->r.state = argc > 2 ? (uint64_t)atoll(argv[2]) : 1;
	while (r->conditions < most)
		plan_and_ask(r, &source);
	printf("# %ld conditions, %ld refused; %ld answers, %ld unknown; %ld values told\n", r->conditions, r->refused,
	       r->answers, r->unknown, r->values_told);
	check(r->differences == 0, "the engine and its slow twin agree");
	check(r->refused == 0, "every random condition is accepted");
	check(r->unknown * 4 < r->answers * 3 && r->values_told > r->conditions / 10,
	      "most answers are known, and values are told");
	buffer_free(&source);
	arena_free(&r->memory);
	arena_free(&r->told);
	arena_free(&r->words);
	free(r);
	printf("1..%d\n", tests);
	return failures != 0;
}
