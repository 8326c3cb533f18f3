/* condition_parse.c: parses a condition: Lua's expressions, its precedences, and quantifiers beside them.
 * Uses the lexer. Knows nothing of fields and kinds. */
#include "rules/condition_lex.h"

#include <ctype.h>
#include <limits.h>

#define DEEPEST 200
#define LONGEST_SOURCE (16 * 1024)
#define MOST_KIDS 256

typedef struct parser {
	lexer l;
	int depth;
} parser;

static node *parse(parser *p, int least);

str node_source(const condition *c, const node *n) { return (str){c->source.p + n->from, (size_t)(n->to - n->from)}; }

static node *make(parser *p, enum node_op op, int at, int from) {
	node *n = ARENA_NEW(p->l.memory, node);
	if (!n) {
		if (!p->l.status)
			p->l.status = error_memory(p->l.err);
		p->l.token = TOKEN_END;
		return NULL;
	}
	n->op = op;
	n->at = at;
	n->from = from;
	n->to = p->l.before;
	n->id = p->l.c->nodes++;
	return n;
}

static void *grow(parser *p, const void *old, int count, size_t size) {
	void *grown = arena_zero(p->l.memory, size * (size_t)(count + 1));
	if (!grown && !p->l.status) {
		p->l.status = error_memory(p->l.err);
		p->l.token = TOKEN_END;
	}
	if (grown && count)
		memcpy(grown, old, size * (size_t)count);
	return grown;
}

/* A long chain of operators makes a deep tree too; later walks recurse. */
static void raise_over(parser *p, node *n, const node *kid) {
	if (kid && kid->height + 1 > n->height)
		n->height = kid->height + 1;
	if (n->height > DEEPEST)
		lexer_fail(&p->l, n->at, "the condition is nested deeper than %d levels; split it into several rules", DEEPEST);
}

static void add_kid(parser *p, node *n, node *kid) {
	if (p->l.status)
		return;
	if (n->count == MOST_KIDS) {
		lexer_fail(&p->l, kid->from, "more than %d values stand here", MOST_KIDS);
		return;
	}
	node **kids = grow(p, n->kids, n->count, sizeof *kids);
	if (!kids)
		return;
	kids[n->count++] = kid;
	n->kids = kids;
	raise_over(p, n, kid);
}

static void add_name(parser *p, node *n, str name) {
	str *names = grow(p, n->names, n->count, sizeof *names);
	if (!names)
		return;
	names[n->count++] = name;
	n->names = names;
}

/* 10,000 at a comma that nothing takes. False: something else stands there. */
static bool fail_thousands(parser *p) {
	int from = p->l.from, to = from;
	str s = p->l.c->source;
	while (from > 0 && isdigit((unsigned char)s.p[from - 1]))
		from--;
	int head = from;
	char digits[64];
	size_t n = 0;
	for (; (size_t)to < s.n && (isdigit((unsigned char)s.p[to]) || s.p[to] == ','); to++)
		;
	for (; from < to && n < sizeof digits - 1; from++)
		if (s.p[from] != ',')
			digits[n++] = s.p[from];
	digits[n] = 0;
	if (p->l.token != ',' || head == p->l.from || to - p->l.from < 4)
		return false;
	lexer_fail(&p->l, head, "a number has no commas; write %s", digits);
	return true;
}

/* Takes `token`, which closes what `opened` began. */
static void close_with(parser *p, int token, int opened) {
	if (p->l.status)
		return;
	if (p->l.token == token) {
		lexer_step(&p->l);
		return;
	}
	if (fail_thousands(p))
		return;
	if (p->l.token == TOKEN_END)
		lexer_fail(&p->l, opened, "'%c' is never closed: add '%c'", p->l.c->source.p[opened], token);
	else
		lexer_fail(&p->l, p->l.from, "'%c' was expected here", token);
}

static bool at_word(const parser *p, const char *word) { return p->l.token == TOKEN_NAME && str_is(p->l.text, word); }

/* creator.audience.country[market]: p stands on the key. */
static void fail_key(parser *p, const node *n, int opened) {
	str s = p->l.c->source;
	const char *key = s.p + p->l.from, *close = memchr(key, ']', s.n - (size_t)p->l.from);
	int length = close && close - key < 80 ? (int)(close - key) : (int)p->l.text.n;
	lexer_fail(&p->l, opened, "write share(%.*s, %.*s)", opened - n->from, s.p + n->from, length, key);
}

static node *parse_name(parser *p) {
	node *n = make(p, NODE_NAME, p->l.from, p->l.from);
	if (!n)
		return NULL;
	add_name(p, n, p->l.text);
	lexer_step(&p->l);
	while (!p->l.status && (p->l.token == '.' || p->l.token == '[')) {
		int opened = p->l.from;
		bool bracket = p->l.token == '[';
		lexer_step(&p->l);
		if (n->count == 16)
			lexer_fail(&p->l, opened, "this name has too many parts");
		bool word = p->l.token >= TOKEN_NAME && p->l.token <= TOKEN_FALSE; /* creator.x["and"] needs no brackets */
		if (p->l.status)
			break;
		if (bracket && p->l.token == TOKEN_NAME && n->count == 3 && str_is(n->names[1], "audience"))
			fail_key(p, n, opened);
		else if (p->l.token != TOKEN_TEXT && (bracket || !word))
			lexer_fail(&p->l, p->l.from,
			           bracket ? "a text such as ['25-34'] was expected here; share() takes any value"
			                   : "a field's name was expected behind the dot");
		str name = p->l.text;
		lexer_step(&p->l);
		if (!p->l.status)
			add_name(p, n, name);
		if (bracket)
			close_with(p, ']', opened);
	}
	n->to = p->l.before;
	return n;
}

/* [OF] TABLE [where COND], up to the closing parenthesis. */
static void parse_rows(parser *p, node *n) {
	if (p->l.token != TOKEN_NAME) {
		lexer_fail(&p->l, p->l.from, "%.*s() asks rows: name them, as in %.*s(posts where …)", STR_ARG(n->text),
		           STR_ARG(n->text));
		return;
	}
	n->table = p->l.text;
	n->table_at = p->l.from;
	lexer_step(&p->l);
	if (at_word(p, "where")) {
		lexer_step(&p->l);
		n->kids[1] = parse(p, 0);
	}
}

static bool names_rows(parser *p) {
	if (p->l.token != TOKEN_NAME)
		return false;
	lexer look = p->l;
	kol_error ignored;
	look.err = &ignored;
	lexer_step(&look);
	return look.token == ')' || (look.token == TOKEN_NAME && str_is(look.text, "where"));
}

static void parse_quantifier(parser *p, node *n, int opened) {
	n->op = NODE_QUANTIFIER;
	n->count = 2;
	node *of = n->kids ? n->kids[0] : NULL;
	n->kids = ARENA_ARRAY(p->l.memory, node *, 2);
	if (!n->kids) {
		p->l.status = error_memory(p->l.err);
		return;
	}
	n->kids[0] = of;
	parse_rows(p, n);
	raise_over(p, n, n->kids[0]);
	raise_over(p, n, n->kids[1]);
	close_with(p, ')', opened);
}

static node *parse_call(parser *p, node *name) {
	int opened = p->l.from;
	node *n = make(p, NODE_CALL, name->from, name->from);
	if (!n)
		return NULL;
	n->text = name->names[0];
	bool counts = str_is(n->text, "count") || str_is(n->text, "any") || str_is(n->text, "none");
	bool all = str_is(n->text, "all");
	bool draws = all || str_is(n->text, "sum") || str_is(n->text, "mean") || str_is(n->text, "median");
	bool either = str_is(n->text, "min") || str_is(n->text, "max");
	lexer_step(&p->l);
	if (counts || (all && names_rows(p))) {
		parse_quantifier(p, n, opened);
	} else {
		while (!p->l.status && p->l.token != ')') {
			node *kid = parse(p, 0);
			if (!kid)
				return NULL;
			add_kid(p, n, kid);
			if ((draws || either) && n->count == 1 && at_word(p, "of")) {
				lexer_step(&p->l);
				parse_quantifier(p, n, opened);
				break;
			}
			if (draws) {
				lexer_fail(&p->l, p->l.from, "write %.*s(… of posts where …)", STR_ARG(n->text));
				return NULL;
			}
			if (p->l.token != ',')
				break;
			p->l.pattern = str_is(n->text, "matches");
			lexer_step(&p->l);
			p->l.pattern = false;
		}
		if (n->op == NODE_CALL)
			close_with(p, ')', opened);
	}
	n->to = p->l.before;
	return n;
}

static node *parse_list(parser *p) {
	int opened = p->l.from;
	node *n = make(p, NODE_LIST, opened, opened);
	lexer_step(&p->l);
	while (n && !p->l.status && p->l.token != '}') {
		node *kid = parse(p, 0);
		if (kid)
			add_kid(p, n, kid);
		if (p->l.token != ',')
			break;
		lexer_step(&p->l);
	}
	close_with(p, '}', opened);
	if (n)
		n->to = p->l.before;
	return n;
}

static node *parse_literal(parser *p, enum node_op op) {
	node *n = make(p, op, p->l.from, p->l.from);
	if (n) {
		n->number = p->l.number;
		n->text = p->l.text;
	}
	lexer_step(&p->l);
	if (n)
		n->to = p->l.before;
	return n;
}

static void fail_primary(parser *p) {
	if (p->l.token == TOKEN_END)
		lexer_fail(&p->l, (int)p->l.c->source.n,
		           p->l.c->nodes ? "the condition ends where a value should stand" : "the condition is empty");
	else
		lexer_fail(&p->l, p->l.from, "a value should stand here");
}

static node *parse_primary(parser *p) {
	switch (p->l.token) {
	case TOKEN_NUMBER: return parse_literal(p, NODE_NUMBER);
	case TOKEN_TEXT: return parse_literal(p, NODE_TEXT);
	case TOKEN_NIL: return parse_literal(p, NODE_NIL);
	case TOKEN_TRUE: return parse_literal(p, NODE_TRUE);
	case TOKEN_FALSE: return parse_literal(p, NODE_FALSE);
	case '{': return parse_list(p);
	case '(': {
		int opened = p->l.from;
		lexer_step(&p->l);
		node *n = parse(p, 0);
		close_with(p, ')', opened);
		if (n) {
			n->from = opened;
			n->to = p->l.before;
		}
		return n;
	}
	case TOKEN_NAME: {
		node *n = parse_name(p);
		if (n && !p->l.status && p->l.token == '(') {
			if (n->count == 1)
				return parse_call(p, n);
			lexer_fail(&p->l, n->from, "'%.*s' cannot be called", STR_ARG(node_source(p->l.c, n)));
		}
		return n;
	}
	default: fail_primary(p); return NULL;
	}
}

/* Lua's precedences: how tightly an operator holds what stands left and right of it. */
typedef struct binding {
	int token, left, right;
	enum node_op op;
} binding;
#define UNARY_BINDS 12

static const binding *find_binding(int token) {
	static const binding bindings[] = {{TOKEN_OR, 1, 1, NODE_OR},     {TOKEN_AND, 2, 2, NODE_AND},
	                                   {'<', 3, 3, NODE_LT},          {'>', 3, 3, NODE_GT},
	                                   {TOKEN_LE, 3, 3, NODE_LE},     {TOKEN_GE, 3, 3, NODE_GE},
	                                   {TOKEN_NE, 3, 3, NODE_NE},     {TOKEN_EQ, 3, 3, NODE_EQ},
	                                   {TOKEN_JOIN, 9, 8, NODE_JOIN}, {'+', 10, 10, NODE_ADD},
	                                   {'-', 10, 10, NODE_SUBTRACT},  {'*', 11, 11, NODE_MULTIPLY},
	                                   {'/', 11, 11, NODE_DIVIDE},    {TOKEN_FLOOR_DIVIDE, 11, 11, NODE_FLOOR_DIVIDE},
	                                   {'%', 11, 11, NODE_MODULO},    {'^', 14, 13, NODE_POWER}};
	for (size_t i = 0; i < sizeof bindings / sizeof bindings[0]; i++)
		if (bindings[i].token == token)
			return &bindings[i];
	return NULL;
}

static node *parse_unary(parser *p) {
	if (p->l.token != TOKEN_NOT && p->l.token != '-')
		return parse_primary(p);
	enum node_op op = p->l.token == '-' ? NODE_NEGATE : NODE_NOT;
	int at = p->l.from;
	lexer_step(&p->l);
	node *kid = parse(p, UNARY_BINDS);
	node *n = kid ? make(p, op, at, at) : NULL;
	if (n)
		add_kid(p, n, kid);
	return n;
}

static node *parse(parser *p, int least) {
	if (p->l.status)
		return NULL;
	if (++p->depth > DEEPEST) {
		lexer_fail(&p->l, p->l.from, "the condition is nested deeper than %d levels; split it into several rules",
		           DEEPEST);
		return NULL;
	}
	node *left = parse_unary(p);
	for (const binding *b; left && !p->l.status && (b = find_binding(p->l.token)) && b->left > least;) {
		int at = p->l.from;
		lexer_step(&p->l);
		bool ends = p->l.token == TOKEN_END || p->l.token == ')' || p->l.token == TOKEN_AND || p->l.token == TOKEN_OR;
		if (b->op == NODE_MODULO && ends && left->op == NODE_NUMBER)
			lexer_fail(&p->l, left->from, "write %g for %g %%", left->number / 100, left->number);
		node *right = parse(p, b->right);
		node *n = right ? make(p, b->op, at, left->from) : NULL;
		if (n) {
			add_kid(p, n, left);
			add_kid(p, n, right);
		}
		left = n;
	}
	p->depth--;
	return p->l.status ? NULL : left;
}

const condition *condition_parse(arena *a, str source, source_place at, kol_error *err) {
	condition *c = ARENA_NEW(a, condition);
	if (!c) {
		error_memory(err);
		return NULL;
	}
	c->place = at;
	if (source.n > LONGEST_SOURCE) {
		error_at(err, KOL_E_RULE, at.path, at.line, at.column, "the condition is longer than %d KiB",
		         LONGEST_SOURCE / 1024);
		return NULL;
	}
	c->source = (str){arena_text(a, source.p ? source.p : "", source.n), source.n};
	if (!c->source.p) {
		error_memory(err);
		return NULL;
	}
	parser p = {.l = {.c = c, .memory = a, .err = err}};
	lexer_step(&p.l);
	c->root = parse(&p, 0);
	if (!p.l.status && p.l.token == ')')
		lexer_fail(&p.l, p.l.from, "')' closes nothing: there is one too many");
	else if (!p.l.status && p.l.token != TOKEN_END && !fail_thousands(&p))
		lexer_fail(&p.l, p.l.from, "the condition should end here, or go on with and, or or a comparison");
	return p.l.status ? NULL : c;
}
