/* judge_rules.c: asks every rule of a batch: conditions over columns, functions creator by creator, post rules over
 * chunks of posts, and last the rules that ask failed(). Uses condition and script. Draws no decision. */
#include <string.h>

#include "vet/judging.h"

static const rule *rule_of(const judge *j, int i) { return &j->plan->ruleset->rules[j->plan->instances[i].rule]; }

static const resolved *resolved_of(const judge *j, int i) { return &j->plan->resolved[j->plan->instances[i].rule]; }

static bool is_condemned(const judge *j, int64_t creator_id, int rule_index) {
	for (int i = 0; i < j->condemned_count; i++)
		if (j->condemned[i].creator_id == creator_id && j->condemned[i].rule == rule_index)
			return true;
	return false;
}

/* How an outcome ranks over several posts. */
static int severity(kol_outcome o) { return o == KOL_PASS ? 1 : o == KOL_SKIP ? 0 : (int)o; }

/* A cell's level is what its outcomes ask for: a fail that a function lowered hides no unknown of another post. */
static void set_outcome(judge *j, int i, int row, kol_outcome o, kol_level level) {
	size_t cell = (size_t)row * (size_t)j->plan->instance_count + (size_t)i;
	bool fold = rule_of(j, i)->each == EACH_POST;
	kol_level asked = o == KOL_FAIL      ? level
	                  : o == KOL_ERROR   ? KOL_LEVEL_REVIEW
	                  : o == KOL_UNKNOWN ? resolved_of(j, i)->unknown_level
	                                     : KOL_NOTE;
	if (!fold || severity(o) >= severity((kol_outcome)j->outcomes[cell]))
		j->outcomes[cell] = (unsigned char)o;
	if (!fold || asked > (kol_level)j->levels[cell])
		j->levels[cell] = (unsigned char)asked;
	if (severity(o) > 1)
		mask_set(&j->touched, row);
}

/* Sets outcome o for every row of f in `rows`, and tells each where findings are wanted. */
static kol_status settle(judge *j, int i, const frame *f, const mask *rows, kol_outcome o, int program, bool whether,
                         kol_error *err) {
	kol_level level = resolved_of(j, i)->level;
	bool posts = f->table == TABLE_POST;
	int before = -1;
	for (int w = 0; w < FRAME_ROWS / 64; w++) {
		for (uint64_t bits = rows->bits[w]; bits; bits &= bits - 1) {
			int row = w * 64 + __builtin_ctzll(bits);
			int creator = posts ? f->owner[row] : row;
			if (severity(o) < 2 && creator == before) /* one post that passes says it for all */
				continue;
			before = creator;
			set_outcome(j, i, creator, o, level);
			if (severity(o) < 2 || !j->detail || (posts && !findings_room(j, i, creator, o)))
				continue;
			kol_status status = findings_explain(j, i, program, whether, f, row, o, err);
			if (status)
				return status;
		}
	}
	return KOL_OK;
}

/* Settles the rows that program left unknown: an error where a pattern reached its limit. */
static kol_status settle_open(judge *j, int i, const frame *f, mask *open, int program, bool whether, kol_error *err) {
	if (j->plan->asked->pattern_count) {
		mask limit;
		scan_limits(j->scan, program, f, &limit);
		for (int w = 0; w < FRAME_ROWS / 64; w++) {
			limit.bits[w] &= open->bits[w];
			open->bits[w] &= ~limit.bits[w];
		}
		kol_status status = settle(j, i, f, &limit, KOL_ERROR, program, whether, err);
		if (status)
			return status;
	}
	return settle(j, i, f, open, KOL_UNKNOWN, program, whether, err);
}

/* Where `when` holds → run; false → skip; unknown → unknown. */
static kol_status ask_when(judge *j, int i, const frame *f, const mask *all, mask *run, kol_error *err) {
	const instance *it = &j->plan->instances[i];
	*run = *all;
	if (it->when < 0)
		return KOL_OK;
	mask truth, unknown, skip, open;
	kol_status status = scan_eval(j->scan, it->when, f, &truth, &unknown, err);
	for (int w = 0; w < FRAME_ROWS / 64; w++) {
		open.bits[w] = all->bits[w] & unknown.bits[w];
		run->bits[w] = all->bits[w] & truth.bits[w] & ~unknown.bits[w];
		skip.bits[w] = all->bits[w] & ~truth.bits[w] & ~unknown.bits[w];
	}
	if (!status)
		status = settle(j, i, f, &skip, KOL_SKIP, it->when, true, err);
	return status ? status : settle_open(j, i, f, &open, it->when, true, err);
}

static kol_status ask_need(judge *j, int i, const frame *f, const mask *run, kol_error *err) {
	const instance *it = &j->plan->instances[i];
	mask truth, unknown, fail, open, pass;
	kol_status status = scan_eval(j->scan, it->need, f, &truth, &unknown, err);
	if (status)
		return status;
	for (int w = 0; w < FRAME_ROWS / 64; w++) {
		open.bits[w] = run->bits[w] & unknown.bits[w];
		fail.bits[w] = run->bits[w] & ~truth.bits[w] & ~unknown.bits[w];
		pass.bits[w] = run->bits[w] & truth.bits[w] & ~unknown.bits[w];
	}
	if (f->table == TABLE_POST)
		status = settle(j, i, f, &pass, KOL_PASS, it->need, false, err);
	if (!status)
		status = settle(j, i, f, &fail, KOL_FAIL, it->need, false, err);
	return status ? status : settle_open(j, i, f, &open, it->need, false, err);
}

static kol_status no_market(judge *j, int i, kol_error *err) {
	for (int row = 0; row < j->frames[TABLE_CREATOR].rows; row++) {
		set_outcome(j, i, row, KOL_UNKNOWN, KOL_NOTE);
		kol_status status = KOL_OK;
		if (j->detail)
			status =
			    findings_say(j, i, row, KOL_UNKNOWN, "the campaign names no market", "campaign.markets", false, err);
		if (status)
			return status;
	}
	return KOL_OK;
}

/* Rules of creators and markets that are conditions; for functions, where they apply. */
static kol_status ask_conditions(judge *j, bool second, kol_error *err) {
	const frame *creators = &j->frames[TABLE_CREATOR];
	for (int i = 0; i < j->plan->instance_count; i++) {
		const instance *it = &j->plan->instances[i];
		if (it->second_pass != second || rule_of(j, i)->each == EACH_POST)
			continue;
		mask run;
		kol_status status;
		memset(&j->applies[i], 0, sizeof j->applies[i]);
		if (it->market && !it->market[0]) {
			status = no_market(j, i, err);
		} else {
			status = ask_when(j, i, creators, &j->rows, &run, err);
			j->applies[i] = run;
			if (!status && it->need >= 0)
				status = ask_need(j, i, creators, &run, err);
		}
		if (status)
			return status;
	}
	return KOL_OK;
}

static kol_status take_result(judge *j, int i, int creator, const char *post, const call_result *r,
                              range_result *result, kol_error *err) {
	kol_level level = resolved_of(j, i)->level;
	if (r->outcome == KOL_FAIL && (int)r->level >= 0 && r->level < level)
		level = r->level;
	set_outcome(j, i, creator, r->outcome, level);
	if (r->memory && result->memory_count < (int)(sizeof result->memory_ids / sizeof *result->memory_ids)) {
		int64_t id = j->frames[TABLE_CREATOR].creator_id[creator];
		if (!result->memory_count || result->memory_ids[result->memory_count - 1] != id)
			result->memory_ids[result->memory_count++] = id;
	}
	if (severity(r->outcome) < 2 || !j->detail || (post && !findings_room(j, i, creator, r->outcome)))
		return KOL_OK;
	return findings_from_call(j, i, creator, post, r, level, err);
}

/* Calls the functions gathered in j->calls on one creator. */
static kol_status call_gathered(judge *j, int creator, int count, const char *post, range_result *result,
                                kol_error *err) {
	if (!count)
		return KOL_OK;
	j->stand->creator_id = j->frames[TABLE_CREATOR].creator_id[creator];
	j->stand->ticks++;
	kol_status status = session_call(j->session, creator, j->calls, count, j->results, &j->memory, err);
	j->stand->rule = -1;
	for (int k = 0; k < count && !status; k++)
		if (post || j->results[k].outcome != KOL_PASS) /* a creator's rules start out as passed */
			status = take_result(j, j->call_instances[k], creator, post, &j->results[k], result, err);
	return status;
}

static kol_status condemned_outcome(judge *j, int i, int creator, kol_error *err) {
	set_outcome(j, i, creator, KOL_ERROR, KOL_LEVEL_REVIEW);
	if (!j->detail || (rule_of(j, i)->each == EACH_POST && !findings_room(j, i, creator, KOL_ERROR)))
		return KOL_OK;
	return findings_say(j, i, creator, KOL_ERROR,
	                    "the rule was stopped on this creator: it crashed or did not come to an end", NULL, true, err);
}

/* Adds instance i to the calls of one creator or post; condemned ones get their outcome at once. */
static kol_status gather(judge *j, int i, int creator, const frame *posts, int post_row, int *count, kol_error *err) {
	const instance *it = &j->plan->instances[i];
	if (is_condemned(j, j->frames[TABLE_CREATOR].creator_id[creator], it->rule))
		return condemned_outcome(j, i, creator, err);
	j->calls[*count] = (call){.rule = rule_of(j, i),
	                          .set = &resolved_of(j, i)->set,
	                          .market = it->market,
	                          .posts = posts,
	                          .post_row = post_row};
	j->call_instances[(*count)++] = i;
	return KOL_OK;
}

/* Do the same functions run on every creator of the batch? Then they are gathered once. */
static bool same_for_all(const judge *j, bool second) {
	for (int i = 0; i < j->plan->instance_count; i++)
		if (j->plan->instances[i].second_pass == second && rule_of(j, i)->each != EACH_POST && rule_of(j, i)->check &&
		    memcmp(&j->applies[i], &j->rows, sizeof j->rows) != 0)
			return false;
	return j->condemned_count == 0;
}

static kol_status gather_creator(judge *j, bool second, int row, int *count, kol_error *err) {
	kol_status status = KOL_OK;
	*count = 0;
	for (int i = 0; i < j->plan->instance_count && !status; i++)
		if (j->plan->instances[i].second_pass == second && rule_of(j, i)->each != EACH_POST && rule_of(j, i)->check &&
		    mask_has(&j->applies[i], row))
			status = gather(j, i, row, NULL, 0, count, err);
	return status;
}

static kol_status ask_functions(judge *j, bool second, range_result *result, kol_error *err) {
	int rows = j->frames[TABLE_CREATOR].rows, count = 0;
	bool once = same_for_all(j, second);
	kol_status status = once && rows ? gather_creator(j, second, 0, &count, err) : KOL_OK;
	for (int n = 0; n < rows && !status; n++) {
		int row = j->plan->backward ? rows - 1 - n : n;
		if (!once)
			status = gather_creator(j, second, row, &count, err);
		if (!status)
			status = call_gathered(j, row, count, NULL, result, err);
	}
	return status;
}

/* ---- posts ---- */

/* When a rule for each post is asked. */
enum turn { TURN_STREAM, TURN_FIRST, TURN_SECOND };

static bool has_turn(const judge *j, int i, enum turn turn) {
	const instance *it = &j->plan->instances[i];
	return rule_of(j, i)->each == EACH_POST && it->streams == (turn == TURN_STREAM) &&
	       it->second_pass == (turn == TURN_SECOND);
}

static kol_status ask_post_functions(judge *j, enum turn turn, const frame *posts, range_result *result,
                                     kol_error *err) {
	for (int row = 0; row < posts->rows; row++) {
		int count = 0, creator = posts->owner[row];
		kol_status status = KOL_OK;
		for (int i = 0; i < j->plan->instance_count && !status; i++)
			if (has_turn(j, i, turn) && rule_of(j, i)->check && mask_has(&j->applies[i], row))
				status = gather(j, i, creator, posts, row, &count, err);
		const char *id = NULL;
		if (!status && count) {
			id = arena_text(&j->memory, posts->key[row].p ? posts->key[row].p : "", posts->key[row].n);
			status = id ? call_gathered(j, creator, count, id, result, err) : error_memory(err);
		}
		if (status)
			return status;
	}
	return KOL_OK;
}

static kol_status ask_chunk(judge *j, enum turn turn, const frame *posts, range_result *result, kol_error *err) {
	mask all = {0};
	bool functions = false;
	for (int row = 0; row < posts->rows; row++)
		mask_set(&all, row);
	for (int i = 0; i < j->plan->instance_count; i++) {
		const instance *it = &j->plan->instances[i];
		mask run;
		if (!has_turn(j, i, turn))
			continue;
		kol_status status = ask_when(j, i, posts, &all, &run, err);
		if (!status && it->need >= 0)
			status = ask_need(j, i, posts, &run, err);
		if (status)
			return status;
		j->applies[i] = run;
		functions |= rule_of(j, i)->check != 0;
	}
	return functions ? ask_post_functions(j, turn, posts, result, err) : KOL_OK;
}

/* A creator without posts: skip where it is known that there are none, else unknown. */
static kol_status ask_of_nothing(judge *j, bool second, kol_error *err) {
	bool assumed = j->plan->ruleset->assume & 1u << COVERED_POSTS;
	for (int row = 0; row < j->frames[TABLE_CREATOR].rows; row++) {
		if (j->post_count[row] || assumed ||
		    coverage_holds(&j->coverage, COVERED_POSTS, row, INT64_MIN, j->plan->as_of))
			continue;
		for (int i = 0; i < j->plan->instance_count; i++) {
			if (j->plan->instances[i].second_pass != second || rule_of(j, i)->each != EACH_POST)
				continue;
			set_outcome(j, i, row, KOL_UNKNOWN, KOL_NOTE);
			kol_status status = KOL_OK;
			if (j->detail)
				status = findings_say(j, i, row, KOL_UNKNOWN, "no posts were collected", "posts", false, err);
			if (status)
				return status;
		}
	}
	return KOL_OK;
}

kol_status judge_stream(judge *j, const frame *posts, range_result *result, kol_error *err) {
	for (int row = 0; row < posts->rows; row++)
		j->post_count[posts->owner[row]]++;
	return ask_chunk(j, TURN_STREAM, posts, result, err);
}

/* Rules for each post that had to wait for sums over rows, or for other rules: the posts are walked once more. */
static kol_status ask_posts(judge *j, bool second, range_result *result, kol_error *err) {
	frame *creators = &j->frames[TABLE_CREATOR], *posts = &j->frames[TABLE_POST];
	enum turn turn = second ? TURN_SECOND : TURN_FIRST;
	bool any = false;
	for (int i = 0; i < j->plan->instance_count; i++)
		any |= has_turn(j, i, turn);
	if (!any)
		return second ? KOL_OK : ask_of_nothing(j, false, err);
	memset(j->post_count, 0, sizeof j->post_count);
	kol_status status = cursor_children(j->cursor, TABLE_POST, creators, err);
	while (!status && !(status = cursor_chunk(j->cursor, posts, err)) && posts->rows) {
		j->stand->ticks++;
		for (int row = 0; row < posts->rows; row++)
			j->post_count[posts->owner[row]]++;
		status = ask_chunk(j, turn, posts, result, err);
	}
	return status ? status : ask_of_nothing(j, second, err);
}

/* ---- failed() ---- */

/* Rules in shadow and rules that ask failed() themselves do not count. */
static void count_failed(judge *j) {
	const kol_plan *p = j->plan;
	int rows = j->frames[TABLE_CREATOR].rows;
	for (int g = 0; g < conditions_failed_count(p->conditions); g++) {
		double *failed = j->failed_counts + (size_t)g * 2 * FRAME_ROWS, *unknown = failed + FRAME_ROWS;
		int count;
		const int *rules = conditions_failed_rules(p->conditions, g, &count);
		memset(failed, 0, sizeof *failed * 2 * FRAME_ROWS);
		for (int row = 0; row < rows; row++) {
			const unsigned char *outcomes = j->outcomes + (size_t)row * (size_t)p->instance_count;
			for (int k = 0; k < count; k++) {
				int worst = 0;
				for (int i = 0; i < p->instance_count; i++)
					if (p->instances[i].rule == rules[k] && !p->instances[i].second_pass &&
					    p->resolved[rules[k]].mode != MODE_SHADOW && severity((kol_outcome)outcomes[i]) > worst)
						worst = severity((kol_outcome)outcomes[i]);
				failed[row] += worst == KOL_FAIL;
				unknown[row] += worst == KOL_UNKNOWN || worst == KOL_ERROR;
			}
		}
		scan_failed(j->scan, g, failed, unknown);
	}
}

static kol_status ask_pass(judge *j, bool second, range_result *result, kol_error *err) {
	kol_status status = ask_conditions(j, second, err);
	if (!status && j->functions)
		status = ask_functions(j, second, result, err);
	if (!status && j->posts)
		status = ask_posts(j, second, result, err);
	return status;
}

kol_status judge_ask(judge *j, range_result *result, kol_error *err) {
	kol_status status = ask_pass(j, false, result, err);
	if (status || !j->second_pass)
		return status;
	count_failed(j);
	return ask_pass(j, true, result, err);
}
