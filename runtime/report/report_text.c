/* report_text.c: what a marketer reads in a terminal: who was not approved and why, then the counts.
 * Quoted text comes from strangers: no control character of it reaches the terminal. Uses utf8 alone. */
#include <inttypes.h>
#include <stdio.h>

#include "base/utf8.h"
#include "report/parts.h"

#define BAR_CELLS 24
#define RULES_SHOWN 10
#define FINDINGS_SHOWN 8
#define QUOTE_BYTES 160

#define BOLD "\033[1m"
#define DIM "\033[2m"
#define RED "\033[31m"
#define YELLOW "\033[33m"
#define GREEN "\033[32m"
#define PLAIN "\033[0m"

static void paint(buffer *out, const report_run *run, const char *code) {
	if (run->color)
		buffer_z(out, code);
}

static const char *decision_color(kol_decision d) { return d == KOL_REJECT ? RED : d == KOL_REVIEW ? YELLOW : GREEN; }

/* Terminal commands, line ends and marks that reverse the direction of what follows. */
static bool dangerous(uint32_t c) {
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || (c >= 0x200e && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static void safe_text(buffer *out, str s) {
	for (size_t i = 0; i < s.n;) {
		uint32_t c;
		size_t n = utf8_decode(s.p + i, s.n - i, &c);
		if (c == '\n' || c == '\t' || c == '\r')
			buffer_char(out, ' ');
		else if (dangerous(c) || (c == 0xFFFD && n == 1))
			buffer_add(out, "\xEF\xBF\xBD", 3);
		else
			buffer_add(out, s.p + i, n);
		i += n;
	}
}

static void safe_z(buffer *out, const char *z) { safe_text(out, str_of(z)); }

/* 12345678 → 12,345,678 */
static void grouped(buffer *out, int64_t n, int width) {
	char digits[24], text[32];
	int count = snprintf(digits, sizeof digits, "%" PRId64, n), used = 0;
	for (int i = 0; i < count; i++) {
		if (i && (count - i) % 3 == 0 && digits[i - 1] != '-')
			text[used++] = ',';
		text[used++] = digits[i];
	}
	text[used] = 0;
	buffer_printf(out, "%*s", width, text);
}

/* ---- one creator ---- */

/* The hit within what stands around it: bright where there is colour, else in brackets. */
static void mark_begin(buffer *out, const report_run *run) {
	if (run->color)
		buffer_z(out, PLAIN BOLD);
	else
		buffer_z(out, "[");
}

static void mark_end(buffer *out, const report_run *run) {
	if (run->color)
		buffer_z(out, PLAIN DIM);
	else
		buffer_z(out, "]");
}

static void write_evidence(buffer *out, const report_run *run, const evidence *e) {
	buffer_z(out, "            ");
	paint(out, run, DIM);
	if (e->post.p) {
		buffer_z(out, "post ");
		safe_text(out, e->post);
		buffer_z(out, ", ");
	}
	safe_text(out, e->field);
	buffer_z(out, ": \"");
	safe_text(out, e->before);
	str quoted = {e->text.p, utf8_cut(e->text, QUOTE_BYTES)};
	mark_begin(out, run);
	safe_text(out, quoted);
	buffer_z(out, quoted.n < e->text.n ? "…" : "");
	mark_end(out, run);
	safe_text(out, e->after);
	buffer_char(out, '"');
	if (e->disguised) {
		buffer_z(out, " (disguised");
		buffer_z(out, e->reads_as.n ? ", reads as \"" : "");
		safe_text(out, e->reads_as);
		buffer_z(out, e->reads_as.n ? "\")" : ")");
	}
	paint(out, run, PLAIN);
	buffer_char(out, '\n');
}

/* What a finding asks for, in a word of six letters or so. */
static const char *finding_word(const struct kol_finding *f) {
	switch (f->outcome) {
	case KOL_FAIL: return kol_level_name(f->level);
	case KOL_UNKNOWN: return "unknown";
	case KOL_ERROR: return "error";
	case KOL_WAIVED: return "waived";
	default: return "";
	}
}

/* Which rule it is, for who looks for it in the files. */
static void write_rule_id(buffer *out, const report_run *run, const char *id, bool shadow) {
	paint(out, run, DIM);
	buffer_z(out, "  [");
	safe_z(out, id);
	buffer_z(out, shadow ? ", on trial: does not count]" : "]");
	paint(out, run, PLAIN);
}

static void write_finding(buffer *out, const report_run *run, const struct kol_finding *f) {
	bool stops = f->outcome == KOL_FAIL && f->level == KOL_LEVEL_REJECT;
	buffer_z(out, "    ");
	paint(out, run, stops ? RED : f->level == KOL_NOTE ? DIM : YELLOW);
	buffer_printf(out, "%-8s", finding_word(f));
	paint(out, run, PLAIN);
	safe_z(out, f->title ? f->title : f->rule);
	if (f->market) {
		buffer_z(out, ", in ");
		safe_z(out, f->market);
	}
	if (f->post) {
		buffer_z(out, ", post ");
		safe_z(out, f->post);
	}
	write_rule_id(out, run, f->rule, f->shadow);
	buffer_z(out, "\n            ");
	safe_z(out, f->message ? f->message : "");
	buffer_char(out, '\n');
	for (int i = 0; i < f->evidence_count && i < 3; i++)
		write_evidence(out, run, &f->evidence[i]);
	if (f->more > 0)
		buffer_printf(out, "            and %" PRId64 " more posts\n", f->more);
}

static void text_render(buffer *out, const struct kol_verdict *v, const report_run *run) {
	paint(out, run, decision_color(v->decision));
	buffer_printf(out, "%-8s", kol_decision_name(v->decision));
	paint(out, run, PLAIN);
	paint(out, run, BOLD);
	safe_z(out, v->platform);
	buffer_char(out, '/');
	safe_z(out, v->handle);
	paint(out, run, PLAIN);
	buffer_z(out, "  score ");
	part_points(out, v->score_min);
	if (v->score_max > v->score_min) {
		buffer_z(out, " to ");
		part_points(out, v->score_max);
	}
	buffer_char(out, '\n');
	/* What decides comes first; the rest follows in the order of the rules. */
	size_t shown = 0;
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < v->count; i++) {
			const struct kol_finding *f = v->findings[i];
			bool heavy = f->outcome == KOL_FAIL && (int)f->level == (int)v->decision && !f->shadow;
			if (heavy != (pass == 0))
				continue;
			if (run->details < 0 || shown < FINDINGS_SHOWN)
				write_finding(out, run, f);
			shown++;
		}
	if (run->details >= 0 && shown > FINDINGS_SHOWN)
		buffer_printf(out, "    and %zu more finding%s\n", shown - FINDINGS_SHOWN,
		              shown == FINDINGS_SHOWN + 1 ? "" : "s");
	if (!v->count)
		buffer_z(out, "    its score is below what the ruleset asks for\n");
	buffer_char(out, '\n');
}

/* ---- head and foot ---- */

static void text_begin(buffer *out, const report_run *run) {
	paint(out, run, BOLD);
	safe_z(out, run->campaign_name ? run->campaign_name : run->campaign);
	paint(out, run, PLAIN);
	if (run->campaign_name) {
		buffer_z(out, " (");
		safe_z(out, run->campaign);
		buffer_char(out, ')');
	}
	if (run->brand) {
		buffer_z(out, " for ");
		safe_z(out, run->brand);
	}
	buffer_z(out, ", as of ");
	safe_z(out, run->as_of);
	buffer_z(out, "\n\n");
}

static void decision_line(buffer *out, const report_run *run, kol_decision d, int64_t n, int64_t all) {
	double share = all ? (double)n / (double)all : 0;
	int cells = (int)(share * BAR_CELLS + 0.5);
	if (n && !cells)
		cells = 1;
	buffer_z(out, "  ");
	paint(out, run, decision_color(d));
	buffer_printf(out, "%-8s", kol_decision_name(d));
	paint(out, run, PLAIN);
	grouped(out, n, 11);
	buffer_printf(out, "  %5.1f %%  ", share * 100);
	paint(out, run, decision_color(d));
	for (int i = 0; i < cells; i++)
		buffer_z(out, "█");
	paint(out, run, PLAIN);
	buffer_char(out, '\n');
}

static int64_t fired(const report_rule_counts *r) { return r->fail + r->unknown + r->error; }

/* The rule that fired most among those after `last` in the order of (count falling, index rising); -1: none. */
static int next_rule(const report_summary *sum, int last) {
	int best = -1;
	for (int i = 0; i < sum->rule_count; i++) {
		int64_t n = fired(&sum->rules[i]);
		int64_t before = last < 0 ? INT64_MAX : fired(&sum->rules[last]);
		bool after = n < before || (n == before && i > last);
		if (n && after && (best < 0 || n > fired(&sum->rules[best])))
			best = i;
	}
	return best;
}

static void rule_line(buffer *out, const report_run *run, const report_rule_counts *r) {
	const char *between = "";
	buffer_z(out, "  ");
	safe_z(out, r->title ? r->title : r->id);
	write_rule_id(out, run, r->id, r->shadow);
	buffer_z(out, "\n    ");
	const struct {
		int64_t n;
		const char *word;
	} counts[] = {{r->fail, "fail"}, {r->unknown, "unknown"}, {r->error, "error"}};
	for (int i = 0; i < 3; i++)
		if (counts[i].n) {
			buffer_z(out, between);
			grouped(out, counts[i].n, 0);
			buffer_printf(out, " %s", counts[i].word);
			between = ", ";
		}
	buffer_z(out, r->level == KOL_LEVEL_REJECT   ? "; failing rejects\n"
	              : r->level == KOL_LEVEL_REVIEW ? "; failing asks for review\n"
	                                             : "; failing is a note\n");
}

static void rules_section(buffer *out, const report_run *run, const report_summary *sum) {
	int at = next_rule(sum, -1), shown = 0, more = 0;
	if (at < 0)
		return;
	paint(out, run, BOLD);
	buffer_z(out, "\nRules that fired most (creators)\n");
	paint(out, run, PLAIN);
	for (; at >= 0; at = next_rule(sum, at)) {
		if (shown < RULES_SHOWN) {
			rule_line(out, run, &sum->rules[at]);
			shown++;
		} else {
			more++;
		}
	}
	if (more)
		buffer_printf(out, "  and %d more rules\n", more);
}

static void count_sentence(buffer *out, int64_t n, const char *one, const char *many) {
	if (n) {
		grouped(out, n, 0);
		buffer_printf(out, " %s\n", n == 1 ? one : many);
	}
}

static void notes_section(buffer *out, const report_run *run, const report_summary *sum) {
	if (run->assumption_count) {
		paint(out, run, BOLD);
		buffer_z(out, "\nTaken for granted, because ruleset.lua says so\n");
		paint(out, run, PLAIN);
	}
	for (int i = 0; i < run->assumption_count; i++) {
		buffer_z(out, "  ");
		safe_z(out, run->assumptions[i]);
		buffer_char(out, '\n');
	}
	buffer_char(out, '\n');
	const kol_totals *t = &sum->totals;
	count_sentence(out, t->errors, "rule broke on a creator: that creator is up for review",
	               "times a rule broke on a creator: those creators are up for review");
	count_sentence(out, sum->wrong_type, "cell of the roster has the wrong type and counts as missing",
	               "cells of the roster have the wrong type and count as missing");
	count_sentence(out, sum->cut, "text was longer than a megabyte and was cut",
	               "texts were longer than a megabyte and were cut");
	count_sentence(out, t->kills, "worker died or stood still and was replaced: take no decision from this run",
	               "workers died or stood still and were replaced: take no decision from this run");
	if (sum->undetailed) {
		grouped(out, sum->undetailed, 0);
		buffer_z(out, sum->undetailed == 1 ? " more creator is" : " more creators are");
		buffer_z(out,
		         " not approved; --all tells why for all of them, --format ndjson or csv for machines and sheets.\n");
	}
	buffer_z(out, "Approve means that no rule objects. It is not legal clearance.\n");
}

static void text_end(buffer *out, const report_run *run, const report_summary *sum) {
	const kol_totals *t = &sum->totals;
	paint(out, run, BOLD);
	grouped(out, t->creators, 0);
	buffer_z(out, t->creators == 1 ? " creator\n" : " creators\n");
	paint(out, run, PLAIN);
	decision_line(out, run, KOL_APPROVE, t->approve, t->creators);
	decision_line(out, run, KOL_REVIEW, t->review, t->creators);
	decision_line(out, run, KOL_REJECT, t->reject, t->creators);
	rules_section(out, run, sum);
	notes_section(out, run, sum);
}

const report_format report_text = {
    .name = "text", .wants_creators = true, .begin = text_begin, .render = text_render, .between = "", .end = text_end};
