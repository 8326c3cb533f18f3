/* condition_words.c: compiles what conditions ask of texts: has, near, matches, hits, sentiment, post.commercial.
 * Each becomes a question of a column of texts, which condition_answers.c puts to a reader. */
#include <math.h>
#include <stdio.h>

#include "base/suggest.h"
#include "rules/condition_compile.h"

#define NONE ((typed){.reg = -1, .source = -1})
#define NEAR_WORDS 5 /* unless the rule says otherwise */
#define NEAR_MOST 100
#define DAYS_MOST 100000

/* Texts of a post that its audience reads or hears. */
static const char *const post_texts[] = {"caption", "title", "overlay_text", "first_comment", "transcript"};
#define POST_TEXTS (sizeof post_texts / sizeof post_texts[0])

/* ---- columns and questions ---- */

static int language_slot(compiler *m, enum table t) {
	if (t != TABLE_POST && t != TABLE_CREATOR)
		return -1;
	int at = catalogue_find(m->s->catalogue, t, STR("language"));
	int slot = at < 0 ? -1 : fetch_want(m->want, t, at);
	m->memory |= at >= 0 && slot < 0;
	return slot;
}

/* The column behind a register; a text that is made by the way is a column of its own. -1: memory ended. */
static int column_of(compiler *m, int text_reg, bool *parent) {
	conditions *all = m->all;
	const step *s = &m->code->steps[text_reg];
	text_column c = {.slot = -1, .language = -1, .table = m->rows, .field = "text"};
	*parent = s->op == OP_PARENT_TEXT;
	if (s->op == OP_COLUMN_TEXT || *parent) {
		c.table = *parent ? TABLE_CREATOR : m->rows;
		c.slot = s->a;
		c.field = m->s->catalogue->fields[c.table][m->want->field[c.table][c.slot]].name;
		c.language = language_slot(m, c.table);
		for (int i = 0; i < all->text_column_count; i++)
			if (all->text_columns[i].table == c.table && all->text_columns[i].slot == c.slot)
				return i;
	}
	void *items = all->text_columns;
	if (!compiler_grow(m, &items, all->text_column_count, &all->text_column_capacity, sizeof c))
		return -1;
	all->text_columns = items;
	all->text_columns[all->text_column_count] = c;
	return all->text_column_count++;
}

static bool same_question(const question *a, const question *b) {
	return a->ask == b->ask && a->lexicon == b->lexicon && a->other == b->other && a->words == b->words &&
	       a->pattern == b->pattern;
}

static int question_of(compiler *m, text_column *c, const question *q) {
	for (int i = 0; i < c->count; i++)
		if (same_question(&c->questions[i], q))
			return i;
	void *items = c->questions;
	if (!compiler_grow(m, &items, c->count, &c->capacity, sizeof *q))
		return -1;
	c->questions = items;
	c->questions[c->count] = *q;
	return c->count++;
}

/* Steps that ask the same are compared by what they point to. */
static const asked_step *step_of(compiler *m, asked_step s) {
	conditions *all = m->all;
	for (int i = 0; i < all->asked_step_count; i++) {
		const asked_step *x = all->asked_steps[i];
		if (x->column == s.column && x->question == s.question && x->parent == s.parent)
			return x;
	}
	void *items = all->asked_steps;
	asked_step *kept = compiler_alloc(m, sizeof *kept);
	if (!kept || !compiler_grow(m, &items, all->asked_step_count, &all->asked_step_capacity, sizeof kept))
		return NULL;
	all->asked_steps = items;
	*kept = s;
	return all->asked_steps[all->asked_step_count++] = kept;
}

static int ask_text(compiler *m, int text_reg, question q) {
	asked_step s = {0};
	s.column = column_of(m, text_reg, &s.parent);
	s.question = s.column < 0 ? -1 : question_of(m, &m->all->text_columns[s.column], &q);
	const asked_step *kept = s.question < 0 ? NULL : step_of(m, s);
	if (!kept) {
		m->memory = m->broken = true;
		return 0;
	}
	m->all->text_columns[s.column].whole |= m->code == &m->p->code;
	return emit(m, (step){.op = OP_ASK,
	                      .holds = q.ask == ASK_TONE ? HOLDS_NUMBERS : HOLDS_TRUTHS,
	                      .exact = 1,
	                      .a = text_reg,
	                      .b = -1,
	                      .c = -1,
	                      .p = kept});
}

/* ---- arguments ---- */

static typed wrong(compiler *m, const node *n, int arg, const char *wants, const typed *got) {
	return complain(m, n->kids[arg]->from, "%.*s() wants %s here, and '%.*s' is %s", STR_ARG(n->text), wants,
	                STR_ARG(node_source(m->c, n->kids[arg])), type_name(got));
}

static bool is_name(const typed *t) { return t->type == TYPE_TEXT && t->constant && t->text.p; }

/* The number of the lexicon that argument `arg` names; -1 after telling what is wrong. */
static int lexicon_number(compiler *m, const node *n, int arg, const typed *t) {
	if (!is_name(t)) {
		wrong(m, n, arg, "a lexicon's name in quotes", t);
		return -1;
	}
	suggest s;
	char hint[120];
	suggest_begin(&s, t->text);
	for (int i = 0; i < m->s->lexicon_count; i++) {
		if (str_is(t->text, m->s->lexicons[i].name)) {
			int number = inquiry_lexicon(m->s->asked, &m->s->lexicons[i]);
			m->memory |= number < 0;
			m->broken |= number < 0;
			return number;
		}
		suggest_try(&s, str_of(m->s->lexicons[i].name));
	}
	suggest_text(&s, hint, sizeof hint);
	if (hint[0])
		complain(m, n->kids[arg]->from, "there is no lexicon '%.*s'%s", STR_ARG(t->text), hint);
	else
		complain(m, n->kids[arg]->from,
		         "there is no lexicon '%.*s'; declare it in a rule file: lexicon \"%.*s\" { terms = { \"word\" } }",
		         STR_ARG(t->text), STR_ARG(t->text));
	return -1;
}

static bool text_argument(compiler *m, const node *n, typed *args) {
	if (args[0].type == TYPE_TEXT && !args[0].constant)
		return true;
	if (args[0].type == TYPE_TEXT)
		complain(m, n->kids[0]->from, "%.*s() wants a text of the roster here, such as post.caption or creator.bio",
		         STR_ARG(n->text));
	else
		wrong(m, n, 0, "a text such as post.caption", &args[0]);
	return false;
}

/* ---- functions ---- */

typed call_has(compiler *m, const node *n, typed *args) {
	if (!text_argument(m, n, args))
		return NONE;
	int number = lexicon_number(m, n, 1, &args[1]);
	if (number < 0)
		return NONE;
	return typed_truth(ask_text(m, reg_of(m, &args[0]), (question){.ask = ASK_HAS, .lexicon = number}));
}

typed call_near(compiler *m, const node *n, typed *args) {
	if (!text_argument(m, n, args))
		return NONE;
	int one = lexicon_number(m, n, 1, &args[1]), other = one < 0 ? -1 : lexicon_number(m, n, 2, &args[2]);
	if (other < 0)
		return NONE;
	double words = NEAR_WORDS;
	if (n->count > 3) {
		if (args[3].type != TYPE_NUMBER || !args[3].constant)
			return wrong(m, n, 3, "a number of words", &args[3]);
		words = args[3].num;
		if (!(words >= 0 && words <= NEAR_MOST))
			return complain(m, n->kids[3]->from, "near() looks 0 to %d words away", NEAR_MOST);
	}
	return typed_truth(ask_text(m, reg_of(m, &args[0]),
	                            (question){.ask = ASK_NEAR, .lexicon = one, .other = other, .words = (int)words}));
}

/* A pattern that must be tried on every text is told: it works, slowly. */
static void advise(compiler *m, const node *n, int number) {
	if (m->s->asked->patterns[number].literals >= 0 || !m->s->advice || m->silent)
		return;
	kol_error err;
	condition_error(m->c, n->kids[1]->from, &err,
	                "this pattern is slow: it has no word of three letters or more that every match must hold, so that "
	                "it is tried at each place of each text");
	problems_add(m->s->advice, &err);
}

typed call_matches(compiler *m, const node *n, typed *args) {
	if (!text_argument(m, n, args))
		return NONE;
	if (!is_name(&args[1]))
		return wrong(m, n, 1, "a pattern in quotes", &args[1]);
	kol_error err = {0};
	size_t at = 0;
	int number = inquiry_pattern_of(m->s->asked, args[1].text, &at, &err);
	if (number < 0 && err.code == KOL_E_MEMORY) {
		m->memory = m->broken = true;
		return NONE;
	}
	if (number < 0) /* behind the quote, where the pattern is written here */
		return complain(m, n->kids[1]->from + (n->kids[1]->op == NODE_TEXT ? 1 + (int)at : 0), "%s", err.message);
	advise(m, n, number);
	return typed_truth(ask_text(m, reg_of(m, &args[0]), (question){.ask = ASK_MATCHES, .pattern = number}));
}

typed call_sentiment(compiler *m, const node *n, typed *args) {
	if (!text_argument(m, n, args))
		return NONE;
	m->s->asked->parts |= STOCK_TONE;
	return typed_number(KIND_NUMBER, ask_text(m, reg_of(m, &args[0]), (question){.ask = ASK_TONE}));
}

/* ---- all texts of a post ---- */

static int truth(compiler *m, enum op op, int a, int b) {
	return emit(m, (step){.op = op, .holds = HOLDS_TRUTHS, .exact = 1, .a = a, .b = b, .c = -1});
}

static int load(compiler *m, str name, bool text) {
	int at = catalogue_find(m->s->catalogue, TABLE_POST, name);
	int slot = at < 0 ? -1 : fetch_want(m->want, TABLE_POST, at);
	m->memory |= at >= 0 && slot < 0;
	if (slot < 0)
		return -1;
	return emit(m, (step){.op = text ? OP_COLUMN_TEXT : OP_COLUMN,
	                      .holds = text ? HOLDS_TEXTS : HOLDS_NUMBERS,
	                      .exact = 1,
	                      .a = slot,
	                      .b = -1,
	                      .c = -1});
}

/* Is the answer yes in any of a post's texts? A post without a caption was not read: the answer is unknown unless
 * another of its texts says yes. The other texts few posts have; where there is none there is nothing to find. */
static int ask_post(compiler *m, question q, int before) {
	typed no = {.type = TYPE_TRUTH, .constant = true, .num = 0, .reg = -1, .source = -1};
	int r = before;
	for (size_t i = 0; i < POST_TEXTS; i++) {
		int text = load(m, str_of(post_texts[i]), true);
		if (text < 0)
			continue;
		int yes = ask_text(m, text, q);
		if (i > 0)
			yes = truth(m, OP_DEFAULT_TRUTH, yes, reg_of(m, &no));
		r = r < 0 ? yes : truth(m, OP_OR, r, yes);
	}
	return r;
}

typed compile_commercial(compiler *m, const node *n) {
	m->s->asked->parts |= STOCK_COMMERCIAL;
	int said = -1;
	for (int i = 0; i < 2; i++) {
		bool label = i == 1;
		int at = load(m, label ? STR("paid_label") : STR("relationship"), !label);
		if (at < 0)
			continue;
		int yes = label ? truth(m, OP_FLAG, at, -1) : truth(m, OP_NIL_TEXT, at, -1);
		typed no = {.type = TYPE_TRUTH, .constant = true, .num = 0, .reg = -1, .source = -1};
		yes = label ? truth(m, OP_DEFAULT_TRUTH, yes, reg_of(m, &no)) : truth(m, OP_NOT, yes, -1);
		said = said < 0 ? yes : truth(m, OP_OR, said, yes);
	}
	int r = ask_post(m, (question){.ask = ASK_COMMERCIAL}, said);
	if (r < 0)
		return complain(m, n->from,
		                "post.commercial needs post.caption or post.relationship, and the roster has neither");
	typed t = typed_truth(r);
	t.field = true;
	return t;
}

static int where_hits(compiler *rows, void *user) { return ask_post(rows, *(question *)user, -1); }

typed call_hits(compiler *m, const node *n, typed *args) {
	int number = lexicon_number(m, n, 0, &args[0]);
	if (number < 0)
		return NONE;
	if (m->inside)
		return complain(m, n->from, "hits() counts a creator's posts; of one row ask has(caption, '%.*s')",
		                STR_ARG(args[0].text));
	double days = NAN;
	if (n->count > 1) {
		if (args[1].type != TYPE_NUMBER || !args[1].constant)
			return wrong(m, n, 1, "a number of days", &args[1]);
		days = args[1].num;
		if (!(days >= 0 && days <= DAYS_MOST))
			return complain(m, n->kids[1]->from, "hits() looks 0 to %d days back", DAYS_MOST);
	}
	question q = {.ask = ASK_HAS, .lexicon = number};
	return compile_post_count(m, n, days, where_hits, &q);
}
