/* condition_plan.c: all of a plan's programs: adds them, gives their registers places, tells what they need. */
#include <stdio.h>

#include "rules/condition_compile.h"

conditions *conditions_new(arena *a) {
	conditions *all = ARENA_NEW(a, conditions);
	if (all)
		all->memory = a;
	return all;
}

static void note_use(int *last, int operand, int by) {
	if (operand >= 0 && by > last[operand])
		last[operand] = by;
}

static void note_uses(const step *s, int by, int *last) {
	bool operands = s->op > OP_SOURCE; /* loads name slots, not registers */
	if (!operands)
		return;
	note_use(last, s->a, by);
	note_use(last, s->b, by);
	note_use(last, s->c, by);
}

static bool keeps_result(const step *s) {
	return s->op != OP_COLUMN && s->op != OP_COLUMN_TEXT && s->op != OP_CONSTANT && s->op != OP_CONSTANT_TEXT;
}

/* A result's slot is taken before its operands' are given back: kernels never write where they read. */
bool code_assign_slots(conditions *all, code *c, const int *results, int result_count) {
	int *last = ARENA_ARRAY(all->memory, int, c->count + 1);
	int *spare = ARENA_ARRAY(all->memory, int, 3 * (c->count + 1));
	if (!last || !spare)
		return false;
	int spares[3] = {0}, used[3] = {0};
	for (int i = 0; i < c->count; i++)
		last[i] = i;
	for (int i = 0; i < c->count; i++) {
		bool parent = c->steps[i].op == OP_PARENT || c->steps[i].op == OP_PARENT_TEXT;
		if (parent) /* sources ask at the end which of them are missing */
			last[i] = c->count;
		note_uses(&c->steps[i], i, last);
	}
	for (int i = 0; i < result_count; i++)
		note_use(last, results[i], c->count);
	for (int i = 0; i < c->count; i++) {
		step *s = &c->steps[i];
		if (keeps_result(s)) {
			int *pool = spare + (int)s->holds * (c->count + 1);
			s->slot = spares[s->holds] ? pool[--spares[s->holds]] : used[s->holds]++;
		}
		for (int j = 0; j <= i; j++)
			if (last[j] == i && c->steps[j].slot >= 0) {
				enum holds h = c->steps[j].holds;
				spare[(int)h * (c->count + 1) + spares[h]++] = c->steps[j].slot;
			}
	}
	for (int h = 0; h < 3; h++)
		if (used[h] > all->slots[h])
			all->slots[h] = used[h];
	if (c->count > all->longest)
		all->longest = c->count;
	return true;
}

static bool begin_program(conditions *all, const condition *c, const scope *s, fetch *want, program *p) {
	scope *kept = ARENA_NEW(all->memory, scope);
	p->info = ARENA_ARRAY(all->memory, typed, c->nodes + 1);
	if (!kept || !p->info)
		return false;
	*kept = *s;
	p->syntax = c;
	p->scope = kept;
	p->rows = s->rows;
	p->want = want;
	return true;
}

static int out_of_memory(struct kol_problems *problems) {
	kol_error err;
	error_memory(&err);
	problems_add(problems, &err);
	return -1;
}

int conditions_add(conditions *all, const condition *c, const scope *s, fetch *want, struct kol_problems *problems) {
	program p = {0};
	if (!begin_program(all, c, s, want, &p))
		return out_of_memory(problems);
	compiler m = {.all = all,
	              .c = c,
	              .s = p.scope,
	              .want = want,
	              .problems = problems,
	              .p = &p,
	              .code = &p.code,
	              .rows = s->rows};
	typed t = compile_node(&m, c->root);
	if (!m.broken && t.type != TYPE_TRUTH && t.type != TYPE_NONE)
		complain(&m, c->root->from, "a condition must be true or false, and '%.*s' is %s: compare it with something",
		         STR_ARG(node_source(c, c->root)), type_name(&t));
	if (!m.broken)
		p.result = reg_of(&m, &t);
	void *items = all->programs;
	if (!m.memory && compiler_grow(&m, &items, all->program_count, &all->program_capacity, sizeof p))
		all->programs = items;
	if (!m.broken && !code_assign_slots(all, &p.code, &p.result, 1))
		m.memory = true;
	for (int i = 0; i < p.code.count; i++)
		p.sums |= p.code.steps[i].op == OP_SOURCE;
	if (m.memory)
		return out_of_memory(problems);
	if (m.broken)
		return -1;
	all->programs[all->program_count] = p;
	return all->program_count++;
}

bool conditions_sums(const conditions *all, int i) { return all->programs[i].sums; }
bool conditions_second_pass(const conditions *all, int i) { return all->programs[i].second_pass; }
unsigned conditions_tables(const conditions *all) { return all->tables; }
unsigned conditions_covered(const conditions *all) { return all->covered; }
int conditions_failed_count(const conditions *all) { return all->glob_count; }

const int *conditions_failed_rules(const conditions *all, int i, int *count) {
	*count = all->globs[i].count;
	return all->globs[i].rules;
}
