/* condition_explain.c: tells a person why a condition held, did not, or is unknown for one row.
 * Runs the program again over that row alone, keeping every register, and walks the tree beside it. */
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "rules/condition_compile.h"
#include "rules/condition_quotes.h"
#include "rules/template.h"

#define MOST_TOLD 32

typedef struct teller {
	scan *s;
	const program *p;
	const frame *f;
	int row, creator; /* row of f; of the creators */
	reg *regs;
	arena *a;
	buffer out;
	explanation *e;
	const machine *m;
	bool failed; /* memory ended */
} teller;

static str keep(teller *t, const char *text, size_t n) { return arena_str(t->a, (str){text, n}); }

static const typed *info(const teller *t, const node *n) { return &t->p->info[n->id]; }

/* 1 true, 0 false, -1 unknown */
static int truth_of(const teller *t, const node *n) {
	const typed *ty = info(t, n);
	if (ty->reg < 0)
		return ty->num != ty->num ? -1 : ty->num != 0;
	const reg *r = &t->regs[ty->reg];
	return *r->unknown & 1 ? -1 : (int)(*r->truth & 1);
}

static told read_value(const teller *t, const node *n) {
	const typed *ty = info(t, n);
	told v = {.lo = NAN, .hi = NAN};
	if (ty->type == TYPE_TRUTH) {
		int truth = truth_of(t, n);
		v.is_flag = true;
		v.lo = v.hi = truth < 0 ? NAN : (double)truth;
	} else if (ty->type == TYPE_TEXT) {
		v.is_text = true;
		v.text = ty->reg < 0 ? ty->text : *t->regs[ty->reg].text;
	} else if (ty->type == TYPE_NUMBER) {
		v.lo = ty->reg < 0 ? ty->num : *t->regs[ty->reg].lo;
		v.hi = ty->reg < 0 ? ty->num : *t->regs[ty->reg].hi;
	}
	if (ty->type == TYPE_NUMBER && ty->kind == KIND_TIME && v.lo == v.hi && fabs(v.lo) < 1e12) {
		char date[16];
		clock_format_date((int64_t)v.lo, date);
		v.is_text = true;
		v.text = keep((teller *)t, date, strlen(date));
	}
	return v;
}

static bool is_missing(const told *v) { return v->is_text ? !v->text.p : v->lo != v->lo; }

static bool give_number(void *user, str name, template_value *out) {
	(void)name;
	out->number = *(double *)user;
	return true;
}

static void add_number(buffer *out, double v) { template_fill(STR("{x}"), give_number, &v, out, NULL); }

static void add_value(teller *t, const node *n, const told *v) {
	if (is_missing(v)) {
		buffer_z(&t->out, n->op == NODE_NAME ? "missing" : "not known");
	} else if (v->is_text) {
		buffer_printf(&t->out, "'%.*s'", (int)(v->text.n > 80 ? 80 : v->text.n), v->text.p);
	} else if (v->is_flag) {
		buffer_z(&t->out, v->lo != 0 ? "true" : "false");
	} else if (v->lo == v->hi) {
		add_number(&t->out, v->lo);
	} else if (isinf(v->hi)) {
		buffer_z(&t->out, isinf(v->lo) ? "not known" : "at least ");
		if (!isinf(v->lo))
			add_number(&t->out, v->lo);
	} else {
		buffer_z(&t->out, "between ");
		add_number(&t->out, v->lo);
		buffer_z(&t->out, " and ");
		add_number(&t->out, v->hi);
	}
}

/* ---- values and what is missing ---- */

static void note_value(teller *t, const node *n) {
	str name = node_source(t->p->syntax, n);
	for (int i = 0; i < t->e->value_count; i++)
		if (str_eq(t->e->values[i].name, name))
			return;
	if (t->e->value_count == MOST_TOLD)
		return;
	told v = read_value(t, n);
	v.name = name;
	t->e->values[t->e->value_count++] = v;
}

static void note_missing(teller *t, str name) {
	for (int i = 0; i < t->e->missing_count; i++)
		if (str_eq(t->e->missing[i], name))
			return;
	if (name.p && t->e->missing_count < MOST_TOLD)
		t->e->missing[t->e->missing_count++] = name;
}

static void note_format(teller *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void note_format(teller *t, const char *format, ...) {
	char text[300];
	va_list args;
	va_start(args, format);
	int n = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (n > 0)
		note_missing(t, keep(t, text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1));
}

static void note_row_fields(teller *t, const source *src, uint64_t bits) {
	const catalogue *c = t->p->scope->catalogue;
	for (int k = 0; k < 64 && k < src->code.count; k++) {
		const step *s = &src->code.steps[k];
		if (!((bits >> k) & 1))
			continue;
		bool near = s->op == OP_COLUMN || s->op == OP_COLUMN_TEXT;
		enum table table = near ? src->table : TABLE_CREATOR;
		note_format(t, "%s.%s", table_names[table], c->fields[table][t->p->want->field[table][s->a]].name);
	}
}

static void note_source(teller *t, const source *src, const tally *y) {
	int i = t->creator;
	if (src->kind == SOURCE_SHARE && y->lo[i] != y->hi[i])
		note_format(t, "audience.%s", dimension_names[src->dimension]);
	if (src->kind == SOURCE_FAILED && y->lo[i] != y->hi[i])
		note_format(t, "outcomes of %.*s", STR_ARG(t->s->all->globs[src->glob].glob));
	if (src->kind >= SOURCE_SHARE)
		return;
	const char *rows = table_plurals[src->table];
	if (!y->covered[i] && !isfinite(y->from[i])) {
		note_format(t, "%s", rows);
	} else if (!y->covered[i]) {
		double days = floor(((double)src->as_of - y->from[i]) / 86400);
		note_format(t, "%s of the last %.0f days", rows, days);
	}
	note_row_fields(t, src, y->missing[i]);
	if (src->kind != SOURCE_COUNT && y->covered[i] && y->rows[i] + y->unknown[i] <= 0)
		note_format(t, "%s to draw from", rows);
}

static bool reads_nothing(const told *v) { return is_missing(v) || (!v->is_text && v->lo != v->hi); }

static void note_lookup_money(teller *t, const node *n) {
	if (str_is(n->text, "money")) {
		const step *s = &t->p->code.steps[info(t, n)->reg];
		str from = *t->regs[s->b].text, to = *t->regs[s->c].text;
		told amount = read_value(t, n->kids[0]);
		if (!from.p)
			note_format(t, "currency of %.*s", STR_ARG(node_source(t->p->syntax, n->kids[0])));
		else if (!is_missing(&amount))
			note_format(t, "exchange rate %.*s to %.*s", STR_ARG(from), to.p ? (int)to.n : 0, to.p ? to.p : "");
	} else if (str_is(n->text, "lookup")) {
		note_format(t, "%.*s", STR_ARG(node_source(t->p->syntax, n)));
	}
}

/* A call whose first value is a text that is read: what it says is told, not all of it. */
static bool asks_text(const node *n) {
	return str_is(n->text, "has") || str_is(n->text, "near") || str_is(n->text, "matches") ||
	       str_is(n->text, "sentiment");
}

/* ---- quotes ---- */

static void note_quoted(teller *t, int number) {
	const source *src = &t->s->all->sources[number];
	explanation *e = t->e;
	for (int i = 0; i < e->source_count; i++)
		if (e->sources[i] == number)
			return;
	if (e->source_count == (int)(sizeof e->sources / sizeof *e->sources) || !src->asks)
		return;
	e->sources[e->source_count++] = number;
	e->tables |= 1u << src->table;
}

/* What texts said to make register r what it is. */
static void note_quotes(teller *t, int r) {
	if (r < 0)
		return;
	const step *st = &t->p->code.steps[r];
	if (st->op == OP_SOURCE) {
		note_quoted(t, st->a);
	} else if (st->op == OP_ASK) {
		quotes into = {.memory = t->a, .into = t->e};
		t->s->quotes = &into;
		t->failed |= run_ask(t->m, st, &t->regs[r], NULL) != KOL_OK;
		t->s->quotes = NULL;
	} else if (st->op > OP_SOURCE) {
		note_quotes(t, st->a);
		note_quotes(t, st->b);
	}
}

/* Values that stand in a part that decided; what of them is missing. */
static void note_operands(teller *t, const node *n, bool unknown) {
	const typed *ty = info(t, n);
	if (ty->type != TYPE_NUMBER && ty->type != TYPE_TEXT && ty->type != TYPE_TRUTH)
		return;
	bool leaf = n->op == NODE_NAME || n->op == NODE_CALL || n->op == NODE_QUANTIFIER;
	if (!leaf) {
		for (int i = 0; i < n->count && n->op != NODE_LIST; i++)
			note_operands(t, n->kids[i], unknown);
		return;
	}
	bool of_text = n->op == NODE_CALL && asks_text(n);
	bool descends = n->op == NODE_CALL && !str_is(n->text, "share") && !str_is(n->text, "failed");
	note_quotes(t, ty->reg);
	if (ty->type == TYPE_TRUTH && descends && !of_text)
		for (int i = 0; i < n->count; i++)
			note_operands(t, n->kids[i], unknown);
	else
		note_value(t, n);
	told v = read_value(t, n);
	if (!unknown || (!reads_nothing(&v) && ty->source < 0))
		return;
	if (ty->source >= 0)
		note_source(t, &t->s->all->sources[ty->source], &t->s->tallies[ty->source]);
	else if (n->op == NODE_NAME && str_is(n->names[n->count - 1], "commercial"))
		note_missing(t, STR("post.caption"));
	else if (n->op == NODE_NAME)
		note_missing(t, node_source(t->p->syntax, n));
	else if ((ty->type != TYPE_TRUTH || of_text) && descends) {
		explanation held = *t->e; /* arguments tell what is missing; they are not values of their own */
		for (int i = 0; i < n->count; i++)
			note_operands(t, n->kids[i], true);
		t->e->value_count = held.value_count;
		note_lookup_money(t, n);
	}
}

/* ---- sentences ---- */

static void say_separator(teller *t) {
	if (t->out.n)
		buffer_z(&t->out, "; ");
}

static bool is_constant(const teller *t, const node *n) { return info(t, n)->constant; }

static const char *needed(enum node_op op, bool *allowed) {
	*allowed = op == NODE_LE || op == NODE_LT || op == NODE_NE;
	switch (op) {
	case NODE_GE: return "at least ";
	case NODE_GT: return "more than ";
	case NODE_LE: return "at most ";
	case NODE_LT: return "less than ";
	case NODE_NE: return "anything but ";
	default: return "";
	}
}

static enum node_op mirrored(enum node_op op) {
	return op == NODE_LT ? NODE_GT : op == NODE_LE ? NODE_GE : op == NODE_GT ? NODE_LT : op == NODE_GE ? NODE_LE : op;
}

static enum node_op negated(enum node_op op) {
	return op == NODE_EQ   ? NODE_NE
	       : op == NODE_NE ? NODE_EQ
	       : op == NODE_LT ? NODE_GE
	       : op == NODE_LE ? NODE_GT
	       : op == NODE_GT ? NODE_LE
	                       : NODE_LT;
}

static void say_compare(teller *t, const node *n, bool need) {
	const node *a = n->kids[0], *b = n->kids[1];
	enum node_op op = n->op;
	if (is_constant(t, a) && !is_constant(t, b)) {
		const node *swap = a;
		a = b;
		b = swap;
		op = mirrored(op);
	}
	if (!need)
		op = negated(op);
	say_separator(t);
	buffer_str(&t->out, node_source(t->p->syntax, a));
	buffer_z(&t->out, " is ");
	if (a->op == NODE_NIL || b->op == NODE_NIL) {
		const node *given = a->op == NODE_NIL ? b : a;
		int truth = truth_of(t, n);
		t->out.n -= a->op == NODE_NIL ? node_source(t->p->syntax, a).n + 4 : 4;
		if (a->op == NODE_NIL)
			buffer_str(&t->out, node_source(t->p->syntax, given));
		buffer_z(&t->out, (truth == 1) == (n->op == NODE_EQ) ? " is missing" : " is given");
		return;
	}
	told x = read_value(t, a), y = read_value(t, b);
	bool allowed;
	const char *phrase = needed(op, &allowed);
	add_value(t, a, &x);
	buffer_z(&t->out, ", ");
	buffer_z(&t->out, phrase);
	bool exact = !is_missing(&y) && (y.is_text || y.lo == y.hi);
	if (exact) {
		add_value(t, b, &y);
		if (!is_constant(t, b))
			buffer_printf(&t->out, " (%.*s)", STR_ARG(node_source(t->p->syntax, b)));
		buffer_z(&t->out, allowed && op != NODE_NE ? " allowed" : " needed");
	} else {
		buffer_str(&t->out, node_source(t->p->syntax, b));
		buffer_z(&t->out, allowed && op != NODE_NE ? " allowed, which is " : " needed, which is ");
		add_value(t, b, &y);
	}
}

/* any, none or all of rows: how many were found. */
static void say_rows(teller *t, const node *n) {
	const source *src = &t->s->all->sources[info(t, n)->source];
	const tally *y = &t->s->tallies[info(t, n)->source];
	double found = y->lo[t->creator];
	const char *rows = found == 1 ? table_names[src->table] : table_plurals[src->table];
	buffer_str(&t->out, node_source(t->p->syntax, n));
	if (str_is(n->text, "all") && found > 0)
		buffer_printf(&t->out, ": %.0f %s %s not", found, rows, found == 1 ? "does" : "do");
	else if (str_is(n->text, "all"))
		buffer_printf(&t->out, ": all known %s do", rows);
	else
		buffer_printf(&t->out, ": %.0f %s found", found, rows);
	if (y->lo[t->creator] != y->hi[t->creator])
		buffer_z(&t->out, ", and not all are known");
}

/* "post.caption has a term of 'profanity'" */
static void say_text(teller *t, const node *n, int truth) {
	bool matches = str_is(n->text, "matches"), near = str_is(n->text, "near");
	str text = node_source(t->p->syntax, n->kids[0]), what = info(t, n->kids[1])->text;
	buffer_str(&t->out, text);
	if (matches)
		buffer_printf(&t->out, truth ? " matches '%.*s'" : " does not match '%.*s'", STR_ARG(what));
	else if (near)
		buffer_printf(&t->out, "%s '%.*s' near '%.*s'", truth ? " has" : " has no", STR_ARG(what),
		              STR_ARG(info(t, n->kids[2])->text));
	else
		buffer_printf(&t->out, truth ? " has a term of '%.*s'" : " has no term of '%.*s'", STR_ARG(what));
}

static void say_call(teller *t, const node *n, int truth) {
	if (truth >= 0 && asks_text(n)) {
		say_text(t, n, truth);
		return;
	}
	bool among = str_is(n->text, "among"), speaks = str_is(n->text, "speaks");
	if (!among && !speaks) {
		buffer_printf(&t->out, "%.*s is %s", STR_ARG(node_source(t->p->syntax, n)),
		              truth < 0 ? "not known"
		              : truth   ? "true"
		                        : "false");
		return;
	}
	told x = read_value(t, n->kids[0]);
	buffer_str(&t->out, node_source(t->p->syntax, n->kids[0]));
	buffer_z(&t->out, " is ");
	add_value(t, n->kids[0], &x);
	if (truth < 0)
		return;
	buffer_printf(&t->out, among ? (truth ? ", which is in " : ", which is not in ")
	                             : (truth ? ", which speaks " : ", needed: "));
	buffer_str(&t->out, node_source(t->p->syntax, n->kids[1]));
}

/* Which parts are told: those on the side of what happened. need: what the rule wants of n. */
static void say(teller *t, const node *n, bool need) {
	int truth = truth_of(t, n);
	if (n->op == NODE_NOT) {
		say(t, n->kids[0], !need);
		return;
	}
	if (n->op == NODE_AND || n->op == NODE_OR) {
		bool every = (n->op == NODE_AND) == need; /* all parts had to come out as needed */
		for (int i = 0; i < 2; i++) {
			int part = truth_of(t, n->kids[i]);
			bool inner = n->kids[i]->op == NODE_AND || n->kids[i]->op == NODE_OR;
			if (!every || part == truth || (inner && truth < 0 && part < 0))
				say(t, n->kids[i], need);
		}
		return;
	}
	if (n->op >= NODE_EQ && n->op <= NODE_GE) {
		say_compare(t, n, need);
	} else {
		say_separator(t);
		if (n->op == NODE_QUANTIFIER)
			say_rows(t, n);
		else if (n->op == NODE_CALL)
			say_call(t, n, truth);
		else
			buffer_printf(&t->out, "%.*s is %s", STR_ARG(node_source(t->p->syntax, n)),
			              truth < 0 ? "missing"
			              : truth   ? "true"
			                        : "false");
	}
	note_operands(t, n, truth < 0);
}

/* ---- templates ---- */

static const node *find_name(const condition *c, const node *n, str name, int *times) {
	const node *found = NULL;
	bool called = (n->op == NODE_CALL || n->op == NODE_QUANTIFIER) && str_eq(n->text, name);
	if (called || (n->op == NODE_NAME && str_eq(node_source(c, n), name))) {
		found = n;
		*times += called ? 1 : 0;
	}
	if (n->op == NODE_NAME || n->op == NODE_QUANTIFIER)
		return found;
	for (int i = 0; i < n->count; i++) {
		const node *below = find_name(c, n->kids[i], name, times);
		found = found ? found : below;
	}
	return found;
}

static bool split(str name, const char *first, str *rest) {
	size_t n = strlen(first);
	if (name.n <= n + 1 || memcmp(name.p, first, n) != 0 || name.p[n] != '.')
		return false;
	*rest = (str){name.p + n + 1, name.n - n - 1};
	return true;
}

static void give_told(template_value *out, const told *v) {
	out->is_text = v->is_text || v->is_flag;
	out->text = v->is_flag ? (v->lo != v->lo ? ((str){0}) : v->lo != 0 ? STR("true") : STR("false")) : v->text;
	out->number = v->lo;
}

static bool give_constant(const value *v, template_value *out) {
	typed t = typed_of_value(v);
	told shown = {
	    .is_text = t.type == TYPE_TEXT, .is_flag = t.type == TYPE_TRUTH, .lo = t.num, .hi = t.num, .text = t.text};
	give_told(out, &shown);
	return t.type == TYPE_TEXT || t.type == TYPE_NUMBER || t.type == TYPE_TRUTH;
}

static bool give_cell(const teller *t, enum table table, int index, template_value *out) {
	const frame *f = table == t->p->rows ? t->f : t->s->creators;
	int row = table == t->p->rows ? t->row : t->creator;
	enum kind kind = t->p->scope->catalogue->fields[table][index].kind;
	for (int slot = 0; slot < f->fetch->count[table]; slot++) {
		if (f->fetch->field[table][slot] != index)
			continue;
		told v = {.is_text = kind == KIND_TEXT, .is_flag = kind == KIND_FLAG};
		if (kind == KIND_TEXT)
			v.text = f->columns[slot].text[row];
		else
			v.lo = v.hi = f->columns[slot].num[row];
		give_told(out, &v);
		return true;
	}
	return false;
}

/* t NULL: only whether the name exists (and is read from now on). */
static bool look_up(const program *p, const teller *t, str name, template_value *out) {
	str rest;
	int times = 0;
	const node *n = find_name(p->syntax, p->syntax->root, name, &times);
	enum type type = n ? p->info[n->id].type : TYPE_NONE;
	if (n && times <= 1 && (type == TYPE_NUMBER || type == TYPE_TEXT || type == TYPE_TRUTH)) {
		if (t) {
			told v = read_value(t, n);
			give_told(out, &v);
			if (n->op == NODE_QUANTIFIER && type == TYPE_TRUTH) {
				out->is_text = false;
				out->number = t->s->tallies[p->info[n->id].source].lo[t->creator];
			}
		}
		return true;
	}
	const value *v = str_is(name, "market")           ? p->scope->market
	                 : split(name, "set", &rest)      ? values_find(p->scope->set, rest)
	                 : split(name, "campaign", &rest) ? values_find(p->scope->campaign, rest)
	                                                  : NULL;
	if (v)
		return give_constant(v, out);
	enum table table = split(name, "creator", &rest) ? TABLE_CREATOR : TABLE_POST;
	if (table == TABLE_POST && (p->rows != TABLE_POST || !split(name, "post", &rest)))
		return false;
	int index = catalogue_find(p->scope->catalogue, table, rest);
	if (index < 0)
		return false;
	return t ? give_cell(t, table, index, out) : fetch_want(p->want, table, index) >= 0;
}

static bool look_row(void *user, str name, template_value *out) {
	const teller *t = user;
	return look_up(t->p, t, name, out);
}

static bool look_program(void *user, str name, template_value *out) { return look_up(user, NULL, name, out); }

void conditions_check_say(const conditions *all, int number, str text, source_place at, struct kol_problems *problems) {
	buffer ignored = {0};
	kol_error why, err;
	if (template_fill(text, look_program, &all->programs[number], &ignored, &why) != KOL_OK) {
		error_at(&err, why.code, at.path, at.line, at.column,
		         "say: %.700s; a say may use set.x, creator.x, campaign.x, and what its condition names or calls once",
		         why.message);
		problems_add(problems, &err);
	}
	buffer_free(&ignored);
}

/* ---- the whole ---- */

kol_status scan_explain(scan *s, int number, const frame *f, int row, str text, arena *a, explanation *out,
                        kol_error *err) {
	const program *p = &s->all->programs[number];
	teller t = {.s = s, .p = p, .f = f, .row = row, .a = a, .e = out};
	t.creator = p->rows == TABLE_CREATOR ? row : f->owner[row];
	*out = (explanation){0};
	out->values = arena_alloc(a, sizeof(told) * MOST_TOLD);
	out->missing = arena_alloc(a, sizeof(str) * MOST_TOLD);
	t.regs = ARENA_ARRAY(a, reg, p->code.count + 1);
	if (!out->values || !out->missing || !t.regs || !single_registers(a, &p->code, t.regs))
		return error_memory(err);
	if (!s->finished && p->sums)
		sources_finish(s);
	machine m = {.s = s, .f = f, .row = row, .n = 1, .parents = p->rows != TABLE_CREATOR, .regs = t.regs, .texts = a};
	kol_status status = code_run(&m, &p->code, err);
	if (!status) {
		t.m = &m;
		say(&t, p->syntax->root, true);
		status = t.failed ? error_memory(err) : KOL_OK;
	}
	if (!status) {
		if (text.p && truth_of(&t, p->syntax->root) >= 0) {
			buffer_clear(&t.out);
			status = template_fill(text, look_row, &t, &t.out, err);
		}
	}
	if (!status) {
		out->message = keep(&t, t.out.p ? t.out.p : "", t.out.n);
		if (t.out.failed || !out->message.p)
			status = error_memory(err);
	}
	buffer_free(&t.out);
	return status;
}
