/* condition_compile.c: gives names and operators their kinds and turns them into steps.
 * Names, functions and quantifiers stand in
 * condition_names.c, condition_calls.c and condition_rows.c. */
#include "rules/condition_compile.h"

#include <math.h>
#include <stdio.h>

#include "base/clock.h"

typed complain(compiler *m, int at, const char *format, ...) {
	m->broken = true;
	if (!m->silent) {
		char sentence[1024];
		va_list args;
		va_start(args, format);
		vsnprintf(sentence, sizeof sentence, format, args);
		va_end(args);
		kol_error err;
		condition_error(m->c, at, &err, "%s", sentence);
		problems_add(m->problems, &err);
	}
	return (typed){.type = TYPE_NONE, .reg = -1, .source = -1};
}

void *compiler_alloc(compiler *m, size_t size) {
	void *p = arena_zero(m->all->memory, size);
	if (!p)
		m->memory = m->broken = true;
	return p;
}

bool compiler_grow(compiler *m, void **items, int count, int *capacity, size_t size) {
	if (count < *capacity)
		return true;
	int more = *capacity ? *capacity * 2 : 8;
	void *grown = compiler_alloc(m, size * (size_t)more);
	if (!grown)
		return false;
	if (count)
		memcpy(grown, *items, size * (size_t)count);
	*items = grown;
	*capacity = more;
	return true;
}

/* ---- steps ---- */

int emit(compiler *m, step s) {
	code *c = m->code;
	bool load = s.op <= OP_PARENT_TEXT || s.op == OP_CONSTANT || s.op == OP_CONSTANT_TEXT || s.op == OP_SOURCE;
	for (int i = 0; load && i < c->count; i++)
		if (c->steps[i].op == s.op && c->steps[i].a == s.a)
			return i;
	void *items = c->steps;
	if (!compiler_grow(m, &items, c->count, &c->capacity, sizeof *c->steps))
		return 0;
	c->steps = items;
	s.slot = -1;
	c->steps[c->count] = s;
	return c->count++;
}

bool reg_exact(const compiler *m, int r) { return r < 0 || m->code->count == 0 || m->code->steps[r].exact; }

static int add_constant(compiler *m, double k) {
	conditions *all = m->all;
	for (int i = 0; i < all->constant_count; i++)
		if (memcmp(&all->constants[i], &k, sizeof k) == 0)
			return i;
	void *items = all->constants;
	if (!compiler_grow(m, &items, all->constant_count, &all->constant_capacity, sizeof k))
		return 0;
	all->constants = items;
	all->constants[all->constant_count] = k;
	return all->constant_count++;
}

static int add_text(compiler *m, str text) {
	conditions *all = m->all;
	for (int i = 0; i < all->text_count; i++)
		if (!all->texts[i].p == !text.p && str_eq(all->texts[i], text))
			return i;
	void *items = all->texts;
	if (!compiler_grow(m, &items, all->text_count, &all->text_capacity, sizeof text))
		return 0;
	all->texts = items;
	all->texts[all->text_count] = arena_str(all->memory, text);
	return all->text_count++;
}

int reg_of(compiler *m, typed *t) {
	if (t->reg >= 0)
		return t->reg;
	if (t->type == TYPE_TEXT)
		t->reg = emit(
		    m,
		    (step){
		        .op = OP_CONSTANT_TEXT, .holds = HOLDS_TEXTS, .exact = 1, .a = add_text(m, t->text), .b = -1, .c = -1});
	else if (t->type == TYPE_TRUTH)
		t->reg = emit(
		    m,
		    (step){.op = OP_CONSTANT_TRUTH, .holds = HOLDS_TRUTHS, .exact = 1, .a = -1, .b = -1, .c = -1, .k = t->num});
	else
		t->reg = emit(
		    m,
		    (step){
		        .op = OP_CONSTANT, .holds = HOLDS_NUMBERS, .exact = 1, .a = add_constant(m, t->num), .b = -1, .c = -1});
	return t->reg;
}

typed typed_number(enum kind kind, int r) { return (typed){.type = TYPE_NUMBER, .kind = kind, .reg = r, .source = -1}; }
typed typed_truth(int r) { return (typed){.type = TYPE_TRUTH, .kind = KIND_FLAG, .reg = r, .source = -1}; }
typed typed_text(int r) { return (typed){.type = TYPE_TEXT, .kind = KIND_TEXT, .reg = r, .source = -1}; }

typed emit_truth(compiler *m, enum op op, int a, int b, double k) {
	return typed_truth(emit(m, (step){.op = op, .holds = HOLDS_TRUTHS, .exact = 1, .a = a, .b = b, .c = -1, .k = k}));
}

const char *type_name(const typed *t) {
	switch (t->type) {
	case TYPE_NUMBER: return kind_name(t->kind);
	case TYPE_TEXT: return "text";
	case TYPE_TRUTH: return "true or false";
	case TYPE_NIL: return "nil";
	case TYPE_LIST: return "a list";
	case TYPE_AUDIENCE: return "a part of the audience";
	default: return "nothing";
	}
}

typed typed_of_value(const value *v) {
	typed t = {.constant = true, .field = true, .reg = -1, .source = -1, .kind = v->kind, .num = NAN};
	if (v->shape == VALUE_LIST || v->shape == VALUE_TABLE) {
		t.type = TYPE_LIST;
		t.list = v;
		return t;
	}
	bool given = v->shape == VALUE_ONE;
	if (v->kind == KIND_TEXT) {
		t.type = TYPE_TEXT;
		if (given)
			t.text = v->text;
		return t;
	}
	t.type = v->kind == KIND_FLAG ? TYPE_TRUTH : TYPE_NUMBER;
	if (given)
		t.num = v->num;
	if (v->kind == KIND_MONEY) {
		t.has_currency = true;
		t.currency = v->currency;
		t.currency_table = TABLE_CAMPAIGN;
	}
	return t;
}

/* ---- operators ---- */

static typed not_truth(compiler *m, const node *n, const typed *t, const char *operator) {
	str text = node_source(m->c, n);
	return complain(m, n->from,
	                "'%s' takes true or false, and '%.*s' is %s: compare it, or say what missing means with "
	                "default(x, false)",
	                operator, STR_ARG(text), type_name(t));
}

static typed compile_logic(compiler *m, const node *n) {
	const char *operator= n->op == NODE_NOT ? "not" : n->op == NODE_AND ? "and" : "or";
	typed kids[2] = {{0}, {0}};
	for (int i = 0; i < n->count; i++)
		kids[i] = compile_node(m, n->kids[i]);
	for (int i = 0; i < n->count; i++) {
		if (kids[i].type == TYPE_NONE)
			return kids[i];
		if (kids[i].type != TYPE_TRUTH)
			return not_truth(m, n->kids[i], &kids[i], operator);
	}
	int a = reg_of(m, &kids[0]), b = n->count > 1 ? reg_of(m, &kids[1]) : -1;
	return emit_truth(m, n->op == NODE_NOT ? OP_NOT : n->op == NODE_AND ? OP_AND : OP_OR, a, b, 0);
}

bool date_to_time(compiler *m, const node *n, typed *t) {
	int64_t time = 0;
	if (t->text.p && !clock_date(t->text, &time)) {
		complain(m, n->from, "'%.*s' is not a date: write it as '2026-11-23'", (int)(t->text.n > 40 ? 40 : t->text.n),
		         t->text.p);
		return false;
	}
	t->num = t->text.p ? (double)time : NAN;
	t->type = TYPE_NUMBER;
	t->kind = KIND_TIME;
	return true;
}

bool same_currency(compiler *m, const node *n, const typed *a, const typed *b) {
	if (!a->has_currency || !b->has_currency)
		return true;
	if (a->currency.p && b->currency.p ? str_eq(a->currency, b->currency)
	                                   : !a->currency.p && !b->currency.p && a->currency_table == b->currency_table &&
	                                         a->currency_table != TABLE_CAMPAIGN)
		return true;
	complain(m, n->at, "these amounts may be in different currencies; convert both, as in money(%.*s, 'EUR')",
	         STR_ARG(node_source(m->c, n->kids[0])));
	return false;
}

static typed compare_nil(compiler *m, const node *n, typed *x, const node *of) {
	bool equal = n->op == NODE_EQ;
	if (!equal && n->op != NODE_NE)
		return complain(m, n->at, "nil has no order; use == nil or ~= nil");
	typed r;
	if (x->type == TYPE_NIL)
		return complain(m, n->at, "nil is always nil");
	if (x->type == TYPE_AUDIENCE) {
		typed share = compile_share(m, of, x->dimension, NULL, 0, NULL);
		if (share.type == TYPE_NONE)
			return share;
		r = emit_truth(m, OP_NIL, share.reg, -1, 0);
	} else if (!x->field) {
		return complain(m, of->from, "only a field can be compared with nil");
	} else if (x->constant) {
		bool gone = x->type == TYPE_TEXT ? !x->text.p : x->type == TYPE_LIST ? false : x->num != x->num;
		return (typed){.type = TYPE_TRUTH, .constant = true, .num = gone == equal, .reg = -1, .source = -1};
	} else {
		r = emit_truth(m,
		               x->type == TYPE_TEXT    ? OP_NIL_TEXT
		               : x->type == TYPE_TRUTH ? OP_NIL_TRUTH
		                                       : OP_NIL,
		               x->reg, -1, 0);
	}
	return equal ? r : emit_truth(m, OP_NOT, r.reg, -1, 0);
}

static bool share_fits(compiler *m, const node *n, const typed *share, const typed *k, const node *k_node) {
	if (share->type != TYPE_NUMBER || share->kind != KIND_SHARE || !k->constant || !(k->num < 0 || k->num > 1))
		return true;
	str text = node_source(m->c, n);
	if (k->num > 1 && k->num <= 100)
		complain(m, k_node->from, "%.*s is a share between 0 and 1: write %g for %g %%", STR_ARG(text), k->num / 100,
		         k->num);
	else
		complain(m, k_node->from, "%.*s is a share between 0 and 1: comparing it with %g decides nothing",
		         STR_ARG(text), k->num);
	return false;
}

static typed compare_numbers(compiler *m, const node *n, typed *a, typed *b) {
	static const enum op with_k[] = {OP_EQ_K, OP_EQ_K, OP_LT_K, OP_LE_K, OP_GT_K, OP_GE_K};
	static const enum op mirrored[] = {OP_EQ_K, OP_EQ_K, OP_GT_K, OP_GE_K, OP_LT_K, OP_LE_K};
	if (!share_fits(m, n->kids[0], a, b, n->kids[1]) || !share_fits(m, n->kids[1], b, a, n->kids[0]) ||
	    !same_currency(m, n, a, b))
		return (typed){.reg = -1, .source = -1};
	int which = (int)n->op - NODE_EQ;
	typed r;
	if (b->constant && !a->constant) {
		r = emit_truth(m, with_k[which], reg_of(m, a), -1, b->num);
	} else if (a->constant && !b->constant) {
		r = emit_truth(m, mirrored[which], reg_of(m, b), -1, a->num);
	} else {
		int x = reg_of(m, a), y = reg_of(m, b);
		bool swap = n->op == NODE_GT || n->op == NODE_GE;
		enum op op = n->op <= NODE_NE ? OP_EQ : n->op == NODE_LT || n->op == NODE_GT ? OP_LT : OP_LE;
		r = emit_truth(m, op, swap ? y : x, swap ? x : y, 0);
	}
	return n->op == NODE_NE ? emit_truth(m, OP_NOT, r.reg, -1, 0) : r;
}

static typed compare_others(compiler *m, const node *n, typed *a, typed *b) {
	bool ordered = n->op != NODE_EQ && n->op != NODE_NE;
	if (a->type == TYPE_TRUTH && ordered)
		return complain(m, n->at, "true and false have no order; use == or ~=");
	int x = reg_of(m, a), y = reg_of(m, b);
	typed r;
	if (a->type == TYPE_TRUTH) {
		r = emit_truth(m, OP_TRUTH_EQ, x, y, 0);
	} else {
		bool swap = n->op == NODE_GT || n->op == NODE_GE;
		enum op op = !ordered ? OP_TEXT_EQ : n->op == NODE_LT || n->op == NODE_GT ? OP_TEXT_LT : OP_TEXT_LE;
		r = emit_truth(m, op, swap ? y : x, swap ? x : y, 0);
	}
	return n->op == NODE_NE ? emit_truth(m, OP_NOT, r.reg, -1, 0) : r;
}

static typed compile_compare(compiler *m, const node *n) {
	typed a = compile_node(m, n->kids[0]), b = compile_node(m, n->kids[1]);
	if (a.type == TYPE_NONE || b.type == TYPE_NONE)
		return (typed){.reg = -1, .source = -1};
	if (b.type == TYPE_NIL)
		return compare_nil(m, n, &a, n->kids[0]);
	if (a.type == TYPE_NIL)
		return compare_nil(m, n, &b, n->kids[1]);
	for (int i = 0; i < 2; i++) {
		typed *x = i ? &b : &a, *other = i ? &a : &b;
		str text = node_source(m->c, n->kids[i]);
		if (x->type == TYPE_LIST)
			return complain(m, n->kids[i]->from, "'%.*s' is a list; write among(x, %.*s)", STR_ARG(text),
			                STR_ARG(text));
		if (x->type == TYPE_AUDIENCE)
			return complain(m, n->kids[i]->from, "'%.*s' holds many shares; write share(%.*s, 'US')", STR_ARG(text),
			                STR_ARG(text));
		if (x->type == TYPE_TEXT && x->constant && other->type == TYPE_NUMBER && other->kind == KIND_TIME) {
			if (!date_to_time(m, n->kids[i], x))
				return (typed){.reg = -1, .source = -1};
			m->p->info[n->kids[i]->id] = *x;
		}
	}
	if (a.type != b.type)
		return complain(m, n->at, "'%.*s' is %s and '%.*s' is %s: they cannot be compared",
		                STR_ARG(node_source(m->c, n->kids[0])), type_name(&a), STR_ARG(node_source(m->c, n->kids[1])),
		                type_name(&b));
	return a.type == TYPE_NUMBER ? compare_numbers(m, n, &a, &b) : compare_others(m, n, &a, &b);
}

static enum kind arithmetic_kind(enum node_op op, const typed *a, const typed *b) {
	bool sum = op == NODE_ADD || op == NODE_SUBTRACT;
	if (sum && a->kind == KIND_TIME)
		return b->kind == KIND_TIME ? KIND_NUMBER : KIND_TIME;
	if (op == NODE_ADD && b->kind == KIND_TIME)
		return KIND_TIME;
	if (a->has_currency != b->has_currency && (op == NODE_MULTIPLY || (a->has_currency && op == NODE_DIVIDE)))
		return KIND_MONEY;
	if (sum && (a->has_currency || b->has_currency))
		return KIND_MONEY;
	return KIND_NUMBER;
}

static void keep_currency(typed *r, const typed *from) {
	r->has_currency = true;
	r->currency = from->currency;
	r->currency_table = from->currency_table;
	r->currency_slot = from->currency_slot;
}

static double fold(enum op op, double a, double b) {
	double out = NAN;
	reg regs[2] = {{.lo = &a, .hi = &a}, {.lo = &b, .hi = &b}}, result = {.lo = &out, .hi = &out};
	kernel_numbers(&(step){.op = op, .exact = 1, .a = 0, .b = 1}, regs, &result, 1);
	return out;
}

static typed compile_arithmetic(compiler *m, const node *n) {
	static const enum op ops[] = {OP_ADD, OP_SUBTRACT, OP_MULTIPLY, OP_DIVIDE, OP_FLOOR_DIVIDE, OP_MODULO, OP_POWER};
	enum op op = n->op == NODE_NEGATE ? OP_NEGATE : ops[n->op - NODE_ADD];
	typed kids[2] = {{0}, {0}};
	for (int i = 0; i < n->count; i++)
		kids[i] = compile_node(m, n->kids[i]);
	for (int i = 0; i < n->count; i++) {
		if (kids[i].type == TYPE_NONE)
			return kids[i];
		if (kids[i].type != TYPE_NUMBER)
			return complain(m, n->at, "only numbers can be calculated with, and '%.*s' is %s",
			                STR_ARG(node_source(m->c, n->kids[i])), type_name(&kids[i]));
	}
	bool two = n->count > 1;
	if (two && op != OP_MULTIPLY && !same_currency(m, n, &kids[0], &kids[1]))
		return (typed){.reg = -1, .source = -1};
	typed r = typed_number(two ? arithmetic_kind(n->op, &kids[0], &kids[1]) : kids[0].kind, -1);
	if (kids[0].constant && (!two || kids[1].constant)) {
		r.constant = true;
		r.num = fold(op, kids[0].num, two ? kids[1].num : kids[0].num);
	} else {
		int a = reg_of(m, &kids[0]), b = two ? reg_of(m, &kids[1]) : -1;
		r.reg = emit(m, (step){.op = op,
		                       .holds = HOLDS_NUMBERS,
		                       .exact = reg_exact(m, a) && reg_exact(m, b),
		                       .a = a,
		                       .b = b,
		                       .c = -1});
	}
	if (r.kind == KIND_MONEY)
		keep_currency(&r, kids[0].has_currency ? &kids[0] : &kids[1]);
	else if (!two && r.kind == KIND_SHARE)
		r.kind = KIND_NUMBER;
	return r;
}

static typed compile_join(compiler *m, const node *n) {
	int regs[2];
	for (int i = 0; i < 2; i++) {
		typed t = compile_node(m, n->kids[i]);
		if (t.type == TYPE_NONE)
			return t;
		if (t.type != TYPE_TEXT && t.type != TYPE_NUMBER)
			return complain(m, n->at, "'..' joins texts, and '%.*s' is %s", STR_ARG(node_source(m->c, n->kids[i])),
			                type_name(&t));
		regs[i] = reg_of(m, &t);
		if (t.type == TYPE_NUMBER)
			regs[i] =
			    emit(m, (step){.op = OP_NUMBER_TEXT, .holds = HOLDS_TEXTS, .exact = 1, .a = regs[i], .b = -1, .c = -1});
	}
	return typed_text(
	    emit(m, (step){.op = OP_JOIN, .holds = HOLDS_TEXTS, .exact = 1, .a = regs[0], .b = regs[1], .c = -1}));
}

static typed compile_list(compiler *m, const node *n) {
	value *v = compiler_alloc(m, sizeof *v);
	str *texts = compiler_alloc(m, sizeof *texts * (size_t)(n->count + 1));
	double *nums = compiler_alloc(m, sizeof *nums * (size_t)(n->count + 1));
	if (!v || !texts || !nums)
		return (typed){.reg = -1, .source = -1};
	bool text = n->count == 0;
	for (int i = 0; i < n->count; i++) {
		typed t = compile_node(m, n->kids[i]);
		if (t.type == TYPE_NONE)
			return t;
		text = i ? text : t.type == TYPE_TEXT;
		if (!t.constant || t.type != (text ? TYPE_TEXT : TYPE_NUMBER))
			return complain(m, n->kids[i]->from, "a list holds texts, or numbers, that are the same for every creator");
		texts[i] = t.text;
		nums[i] = t.num;
	}
	*v = (value){
	    .shape = VALUE_LIST, .kind = text ? KIND_TEXT : KIND_NUMBER, .count = n->count, .texts = texts, .nums = nums};
	return typed_of_value(v);
}

typed compile_node(compiler *m, const node *n) {
	typed t = {.reg = -1, .source = -1, .constant = true};
	switch (n->op) {
	case NODE_NUMBER:
		t.type = TYPE_NUMBER;
		t.num = n->number;
		break;
	case NODE_TEXT:
		t.type = TYPE_TEXT;
		t.kind = KIND_TEXT;
		t.text = n->text;
		break;
	case NODE_TRUE:
	case NODE_FALSE:
		t.type = TYPE_TRUTH;
		t.kind = KIND_FLAG;
		t.num = n->op == NODE_TRUE;
		break;
	case NODE_NIL: t.type = TYPE_NIL; break;
	case NODE_NAME: t = compile_name(m, n); break;
	case NODE_LIST: t = compile_list(m, n); break;
	case NODE_CALL: t = compile_call(m, n); break;
	case NODE_QUANTIFIER: t = compile_quantifier(m, n); break;
	case NODE_NOT:
	case NODE_AND:
	case NODE_OR: t = compile_logic(m, n); break;
	case NODE_JOIN: t = compile_join(m, n); break;
	default: t = n->op >= NODE_EQ && n->op <= NODE_GE ? compile_compare(m, n) : compile_arithmetic(m, n);
	}
	if (!m->inside)
		m->p->info[n->id] = t;
	return t;
}
