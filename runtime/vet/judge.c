/* judge.c: one worker's work: batches in, verdicts out. judge_rules.c asks the rules, judge_findings.c tells what they
 * found, the policy decides. Uses cursor, coverage, policy, report. Knows nothing of processes. */
#include "vet/judge.h"

#include <stdlib.h>

#include "roster/db.h"
#include "vet/judging.h"

#define OUT_MOST ((size_t)4 * 1024 * 1024)    /* rendered bytes after which a range is cut short */
#define MEMORY_MOST ((size_t)8 * 1024 * 1024) /* bytes of findings in a batch after which batches shrink */

static kol_status open_parts(judge *j, sqlite3 *db, kol_error *err) {
	const kol_plan *p = j->plan;
	kol_status status = cursor_open(db, &p->catalogue, &p->want, &p->who, p->as_of, &j->cursor, err);
	if (!status)
		status = cursor_open(db, &p->catalogue, &p->want, &p->who, p->as_of, &j->session_cursor, err);
	for (int t = 0; t < TABLE_CAMPAIGN && !status; t++)
		if (t == TABLE_CREATOR || (t == TABLE_POST && j->posts) || (j->tables & 1u << t))
			status = frame_init(&j->frames[t], (enum table)t, &p->catalogue, &p->want, err);
	if (status)
		return status;
	j->scan = scan_new(p->conditions, p->asked, err);
	if (!j->scan)
		return err->code;
	if (!j->functions)
		return KOL_OK;
	session_plan sp = {.catalogue = &p->catalogue,
	                   .want = &p->want,
	                   .campaign = &p->campaign,
	                   .as_of = p->as_of,
	                   .assume = p->ruleset->assume,
	                   .asked = p->asked,
	                   .lexicons = p->lexicons,
	                   .lexicon_count = p->lexicon_count};
	status = session_open(p->ruleset->script, &sp, &j->session, err);
	if (!status)
		session_stand(j->session, &j->stand->rule, p->ruleset);
	return status;
}

static bool make_room(judge *j) {
	size_t n = (size_t)j->plan->instance_count + 1, cells = n * FRAME_ROWS;
	size_t globs = (size_t)conditions_failed_count(j->plan->conditions) + 1;
	j->outcomes = calloc(cells, 1);
	j->levels = calloc(cells, 1);
	j->initial = calloc(n, 1);
	j->listed = calloc(cells, 1);
	j->more = calloc(cells, sizeof *j->more);
	j->applies = calloc(n, sizeof *j->applies);
	j->failed_counts = calloc(globs * FRAME_ROWS * 2, sizeof *j->failed_counts);
	j->judged = calloc(n, sizeof *j->judged);
	j->calls = calloc(n, sizeof *j->calls);
	j->results = calloc(n, sizeof *j->results);
	j->call_instances = calloc(n, sizeof *j->call_instances);
	return j->outcomes && j->levels && j->initial && j->listed && j->more && j->applies && j->failed_counts &&
	       j->judged && j->calls && j->results && j->call_instances;
}

kol_status judge_open(const kol_plan *plan, sqlite3 *db, const report_format *format, const report_run *run,
                      stand *where, judge **out, kol_error *err) {
	kol_error local = {0};
	err = err ? err : &local;
	*out = NULL;
	judge *j = calloc(1, sizeof *j);
	if (!j)
		return error_memory(err);
	j->plan = plan;
	j->format = format;
	j->run = run;
	j->stand = where ? where : &j->own_stand;
	j->tables = conditions_tables(plan->conditions);
	j->covered_kinds = conditions_covered(plan->conditions);
	for (int i = 0; i < plan->instance_count; i++) {
		const rule *r = &plan->ruleset->rules[plan->instances[i].rule];
		j->functions |= r->check != 0;
		j->posts |= r->each == EACH_POST;
		j->second_pass |= plan->instances[i].second_pass;
		j->streams |= plan->instances[i].streams;
	}
	if (j->functions)
		j->covered_kinds = (1u << COVERED_COUNT) - 1;
	if (j->posts)
		j->covered_kinds |= 1u << COVERED_POSTS;
	kol_status status = make_room(j) ? open_parts(j, db, err) : error_memory(err);
	for (int i = 0; !status && i < plan->instance_count; i++)
		j->initial[i] = plan->ruleset->rules[plan->instances[i].rule].each == EACH_POST ? KOL_SKIP : KOL_PASS;
	if (status)
		judge_close(j);
	else
		*out = j;
	return status;
}

void judge_close(judge *j) {
	if (!j)
		return;
	session_close(j->session);
	scan_free(j->scan);
	for (int t = 0; t < TABLE_CAMPAIGN; t++)
		if (j->frames[t].columns || j->frames[t].creator_id)
			frame_free(&j->frames[t]);
	for (int t = 0; t < TABLE_CAMPAIGN; t++)
		if (j->quoted[t].columns || j->quoted[t].creator_id)
			frame_free(&j->quoted[t]);
	coverage_free(&j->coverage);
	cursor_close(j->session_cursor);
	cursor_close(j->cursor);
	free(j->outcomes);
	free(j->levels);
	free(j->initial);
	free(j->listed);
	free(j->more);
	free(j->applies);
	free(j->failed_counts);
	free(j->judged);
	free(j->calls);
	free(j->results);
	free(j->call_instances);
	free(j->sorted);
	buffer_free(&j->text);
	arena_free(&j->memory);
	free(j);
}

void judge_condemn(judge *j, int64_t creator_id, int rule_index) {
	if (j->condemned_count < CONDEMNED_MOST)
		j->condemned[j->condemned_count++] = (condemned){creator_id, rule_index};
}

/* ---- one batch ---- */

static void begin_batch(judge *j, int rows) {
	size_t n = (size_t)j->plan->instance_count;
	arena_reset(&j->memory);
	memset(&j->rows, 0, sizeof j->rows);
	memset(&j->touched, 0, sizeof j->touched);
	memset(j->levels, 0, (size_t)rows * n);
	for (int row = 0; row < rows; row++) {
		mask_set(&j->rows, row);
		memcpy(j->outcomes + (size_t)row * n, j->initial, n);
	}
	if (j->posts) {
		memset(j->listed, 0, (size_t)rows * n);
		memset(j->more, 0, (size_t)rows * n * sizeof *j->more);
		memset(j->post_count, 0, sizeof j->post_count);
	}
	memset(j->first, 0, sizeof j->first);
	memset(j->last, 0, sizeof j->last);
}

/* Sums up what belongs to the creators; rules for each post that wait for no sum are asked as the posts stream by. */
static kol_status aggregate(judge *j, range_result *result, kol_error *err) {
	frame *creators = &j->frames[TABLE_CREATOR];
	kol_status status = coverage_read(j->cursor, creators, j->covered_kinds, &j->coverage, err);
	if (!status)
		status = scan_begin(j->scan, creators, &j->coverage, err);
	for (int t = 0; t < TABLE_CAMPAIGN && !status; t++) {
		bool summed = j->tables & 1u << t, streams = t == TABLE_POST && j->streams;
		if (!summed && !streams)
			continue;
		status = cursor_children(j->cursor, (enum table)t, creators, err);
		while (!status && !(status = cursor_chunk(j->cursor, &j->frames[t], err)) && j->frames[t].rows) {
			j->stand->ticks++;
			if (summed)
				status = scan_chunk(j->scan, &j->frames[t], err);
			if (!status && streams)
				status = judge_stream(j, &j->frames[t], result, err);
		}
	}
	return status;
}

static void tally(rule_tally *t, kol_outcome o) {
	t->fail += o == KOL_FAIL;
	t->unknown += o == KOL_UNKNOWN;
	t->error += o == KOL_ERROR;
	t->waived += o == KOL_WAIVED;
}

/* Reads and judges the next batch of [from, to]; rows 0 in frames[TABLE_CREATOR]: the end. */
static kol_status judge_batch(judge *j, int64_t from, int64_t to, int most, bool named, range_result *result,
                              kol_error *err) {
	frame *creators = &j->frames[TABLE_CREATOR];
	j->stand->rule = -1;
	j->stand->creator_id = from;
	j->stand->ticks++;
	kol_status status = cursor_creators(j->cursor, from, to, most, creators, named ? j->who : NULL, err);
	if (status || !creators->rows)
		return status;
	j->stand->creator_id = creators->creator_id[0];
	begin_batch(j, creators->rows);
	if (j->session)
		session_batch(j->session, j->session_cursor, creators, &j->coverage);
	status = aggregate(j, result, err);
	if (!status)
		status = judge_ask(j, result, err);
	result->creators += creators->rows;
	result->last = creators->creator_id[creators->rows - 1];
	return status;
}

/* Draws row's decision and counts it. */
static kol_decision decide_row(judge *j, int row, rule_tally *tallies, range_result *result, double *min, double *max) {
	kol_decision d = KOL_APPROVE;
	*min = *max = 100;
	if (mask_has(&j->touched, row)) {
		int count = findings_judged(j, row, j->judged, j->call_instances);
		d = policy_decide(j->judged, count, &j->plan->ruleset->decide, min, max);
		for (int i = 0; i < count; i++) {
			if (tallies)
				tally(&tallies[j->call_instances[i]], j->judged[i].outcome);
			result->errors += j->judged[i].outcome == KOL_ERROR;
		}
	}
	result->approve += d == KOL_APPROVE;
	result->review += d == KOL_REVIEW;
	result->reject += d == KOL_REJECT;
	return d;
}

/* Batches shrink while their findings need too much memory, and grow again. */
static int next_most(const judge *j, int most) {
	if (j->memory.held > MEMORY_MOST && most > 16)
		return most / 2;
	return most < j->plan->batch_rows && j->memory.held < MEMORY_MOST / 4 ? most * 2 : most;
}

static int at_most(int a, int b) { return a < b ? a : b; }

kol_status judge_range(judge *j, int64_t from, int64_t to, int most, int details, buffer *out, rule_tally *tallies,
                       range_result *result, kol_error *err) {
	const report_format *f = j->format;
	bool text = f == &report_text;
	int batch = j->plan->batch_rows;
	frame *creators = &j->frames[TABLE_CREATOR];
	memset(result, 0, sizeof *result);
	result->last = from > INT64_MIN ? from - 1 : from;
	cursor_counts before = cursor_stats(j->cursor);
	while (from <= to && result->creators < most && out->n < OUT_MOST) {
		int64_t left = text && details >= 0 ? details - result->detailed : INT64_MAX;
		j->detail = f && f->wants_creators && left > 0;
		kol_status status = judge_batch(j, from, to, at_most(batch, most), j->detail, result, err);
		if (status)
			return status;
		if (!creators->rows) {
			result->last = to;
			result->complete = true;
			break;
		}
		for (int row = 0; row < creators->rows; row++) {
			double min, max;
			struct kol_verdict v;
			kol_decision d = decide_row(j, row, tallies, result, &min, &max);
			if (!j->detail || (text && (d == KOL_APPROVE || (details >= 0 && result->detailed >= details))))
				continue;
			status = findings_verdict(j, row, d, min, max, &v, err);
			if (status)
				return status;
			if (result->detailed++)
				buffer_z(out, f->between);
			f->render(out, &v, j->run);
		}
		if (out->failed)
			return error_memory(err);
		if (result->last == INT64_MAX || result->last >= to) {
			result->complete = true;
			break;
		}
		from = result->last + 1;
		batch = next_most(j, batch);
	}
	cursor_counts after = cursor_stats(j->cursor);
	result->wrong_type = after.wrong_type - before.wrong_type;
	result->cut = after.cut - before.cut;
	j->stand->creator_id = 0;
	return KOL_OK;
}

kol_status judge_visit(judge *j, int64_t from, int64_t to, kol_visitor *visit, void *user, kol_error *err) {
	frame *creators = &j->frames[TABLE_CREATOR];
	range_result result = {0};
	j->detail = true;
	while (from <= to) {
		kol_status status = judge_batch(j, from, to, j->plan->batch_rows, true, &result, err);
		if (status || !creators->rows)
			return status;
		for (int row = 0; row < creators->rows; row++) {
			double min, max;
			struct kol_verdict v;
			kol_decision d = decide_row(j, row, NULL, &result, &min, &max);
			status = findings_verdict(j, row, d, min, max, &v, err);
			if (status)
				return status;
			if (!visit(user, &v))
				return error_set(err, KOL_E_INTERRUPTED, "stopped by the caller");
		}
		if (result.last == INT64_MAX)
			break;
		from = result.last + 1;
	}
	return KOL_OK;
}

kol_status judge_one(judge *j, range_result *result, kol_error *err) {
	return judge_batch(j, INT64_MIN, INT64_MAX, j->plan->batch_rows, true, result, err);
}
