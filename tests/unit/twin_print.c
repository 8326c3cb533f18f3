/* twin_print.c: a tree as a rule would have it. Knows Lua's precedences from Lua's manual, not from the parser. */
#include <math.h>
#include <time.h>

#include "twin_make.h"

typedef struct printer {
	rng *r;
	buffer *out;
	enum table inside;
} printer;

static void print(printer *p, tree *t, int least);

typedef struct operator{
	const char *text;
	int level;
	bool right; /* a .. b .. c is a .. (b .. c) */
}
operator;

static operator operator_of(enum tree_op op) {
	static const operator operators[] = {
	    [TREE_NOT] = {"not ", 12, false},     [TREE_NEGATE] = {"-", 12, false},
	    [TREE_OR] = {" or ", 1, false},       [TREE_AND] = {" and ", 2, false},
	    [TREE_LT] = {" < ", 3, false},        [TREE_GT] = {" > ", 3, false},
	    [TREE_LE] = {" <= ", 3, false},       [TREE_GE] = {" >= ", 3, false},
	    [TREE_NE] = {" ~= ", 3, false},       [TREE_EQ] = {" == ", 3, false},
	    [TREE_JOIN] = {" .. ", 9, true},      [TREE_ADD] = {" + ", 10, false},
	    [TREE_SUBTRACT] = {" - ", 10, false}, [TREE_MULTIPLY] = {" * ", 11, false},
	    [TREE_DIVIDE] = {" / ", 11, false},   [TREE_FLOOR_DIVIDE] = {" // ", 11, false},
	    [TREE_MODULO] = {" % ", 11, false},   [TREE_POWER] = {"^", 14, true},
	    [TREE_IS_NIL] = {"", 3, false}};
	return op <= TREE_IS_NIL ? operators[op] : (operator){NULL, 0, false};
}

static void print_text(printer *p, const char *z) {
	char quote = chance(p->r, 70) ? '\'' : '"';
	buffer_char(p->out, quote);
	for (; *z; z++) {
		if (*z == quote || *z == '\\')
			buffer_char(p->out, '\\');
		buffer_char(p->out, *z);
	}
	buffer_char(p->out, quote);
}

static void print_number(printer *p, double v) {
	if (v >= 0 && v < 1000 && floor(v) == v && chance(p->r, 10))
		buffer_printf(p->out, "0x%X", (unsigned)v);
	else
		buffer_printf(p->out, chance(p->r, 5) ? "%.17e" : "%.17g", v);
}

static void print_cell(printer *p, enum tree_type type, cell c) {
	if (type == TREE_TEXT)
		print_text(p, c.text);
	else if (type == TREE_TRUTH)
		buffer_z(p->out, c.num != 0 ? "true" : "false");
	else
		print_number(p, c.num);
}

static void print_list(printer *p, const twin_list *l) {
	if (l->name) {
		buffer_z(p->out, l->name);
		return;
	}
	buffer_z(p->out, "{");
	for (int i = 0; i < l->count; i++) {
		buffer_z(p->out, i ? ", " : "");
		print_cell(p, l->numbers ? TREE_NUMBER : TREE_TEXT, l->items[i]);
	}
	buffer_z(p->out, "}");
}

static void print_field(printer *p, const tree *t) {
	const char *name = twin_fields[t->table][t->field].name;
	if (t->table == TABLE_CREATOR)
		buffer_printf(p->out, "creator.%s", name);
	else
		buffer_printf(p->out, p->inside == TABLE_CREATOR ? "post.%s" : "%s", name);
}

static void print_rows(printer *p, const tree *t) {
	printer in = {p->r, p->out, t->table};
	buffer_printf(p->out, "%s(", t->word);
	if (t->kids[0]) {
		print(&in, t->kids[0], 0);
		buffer_z(p->out, " of ");
	}
	buffer_z(p->out, table_plurals[t->table]);
	if (t->kids[1]) {
		buffer_z(p->out, " where ");
		print(&in, t->kids[1], 0);
	}
	buffer_z(p->out, ")");
}

static void print_call(printer *p, const tree *t) {
	static const char *const names[] = {
	    [TREE_DEFAULT] = "default", [TREE_AMONG] = "among", [TREE_SPEAKS] = "speaks", [TREE_DAYS_SINCE] = "days_since",
	    [TREE_LOOKUP] = "lookup",   [TREE_MONEY] = "money", [TREE_MIN] = "min",       [TREE_MAX] = "max",
	    [TREE_ABS] = "abs",         [TREE_FLOOR] = "floor", [TREE_SHARE] = "share",   [TREE_FAILED] = "failed"};
	buffer_printf(p->out, "%s(", names[t->op]);
	const char *comma = "";
	if (t->op == TREE_SHARE)
		buffer_printf(p->out, "creator.audience.%s", t->word);
	else if (t->op == TREE_LOOKUP)
		print_text(p, t->word);
	else if (t->op == TREE_FAILED)
		print_text(p, twin_globs[t->field]);
	if (t->word || t->op == TREE_FAILED)
		comma = ", ";
	for (int i = 0; i < t->kid_count; i++, comma = ", ") {
		buffer_z(p->out, comma);
		print(p, t->kids[i], 0);
	}
	if (t->list) {
		buffer_z(p->out, comma);
		print_list(p, t->list);
	}
	buffer_z(p->out, ")");
}

static void print_plain(printer *p, tree *t) {
	operator o = operator_of(t->op);
	if (t->op == TREE_CONSTANT && t->word)
		buffer_z(p->out, t->word);
	else if (t->op == TREE_CONSTANT)
		print_cell(p, t->type, t->constant);
	else if (t->op == TREE_DATE) {
		char date[16];
		time_t when = (time_t)t->constant.num;
		struct tm tm;
		strftime(date, sizeof date, "%Y-%m-%d", gmtime_r(&when, &tm));
		print_text(p, date);
	} else if (t->op == TREE_FIELD)
		print_field(p, t);
	else if (t->op == TREE_DIMENSION)
		buffer_printf(p->out, "creator.audience.%s", t->word);
	else if (t->op == TREE_SEGMENT) {
		bool name = t->constant.text[0] >= 'A' && chance(p->r, 50);
		buffer_printf(p->out, "creator.audience.%s%s", t->word, name ? "." : "[");
		if (name)
			buffer_z(p->out, t->constant.text);
		else
			print_text(p, t->constant.text);
		buffer_z(p->out, name ? "" : "]");
	} else if (t->op == TREE_IS_NIL) {
		bool first = chance(p->r, 20);
		buffer_z(p->out, !first ? "" : t->not_nil ? "nil ~= " : "nil == ");
		print(p, t->kids[0], 4);
		buffer_z(p->out, first ? "" : t->not_nil ? " ~= nil" : " == nil");
	} else if (t->op == TREE_NOT || t->op == TREE_NEGATE) {
		buffer_z(p->out, o.text);
		print(p, t->kids[0], t->op == TREE_NEGATE ? 13 : 12); /* -- would begin a comment */
	} else if (o.level) {
		print(p, t->kids[0], o.level + o.right);
		buffer_z(p->out, o.text);
		print(p, t->kids[1], o.level + !o.right);
	} else if (t->op == TREE_ROWS) {
		print_rows(p, t);
	} else {
		print_call(p, t);
	}
}

/* least: what binds less tightly needs parentheses. */
static void print(printer *p, tree *t, int least) {
	int level = operator_of(t->op).level;
	bool negative = t->op == TREE_CONSTANT && !t->word && t->type == TREE_NUMBER && t->constant.num < 0;
	bool closed = negative || (level && level < least) || chance(p->r, 5);
	buffer_z(p->out, closed ? "(" : "");
	t->from = (int)p->out->n;
	print_plain(p, t);
	t->to = (int)p->out->n;
	buffer_z(p->out, closed ? ")" : "");
}

void print_condition(tree *t, rng *r, buffer *out) {
	buffer_clear(out);
	print(&(printer){r, out, TABLE_CREATOR}, t, 0);
}
