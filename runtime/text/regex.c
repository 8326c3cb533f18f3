/* regex.c: wraps PCRE2. The only file that knows it. Work is bounded by fixed numbers, so that a text meets the same
 * limit on every machine. Knows nothing of rules or Lua.
 *
 * PCRE2's own match limit begins anew at each start, does not see how far a repeat runs, and means something else under
 * JIT: [ab]{0,300}[ab]{0,300}\d takes minutes on 20 KB and never trips it, \w+[!?] walks a long word once per letter
 * for one count each. So patterns of text are compiled with a callout before every item. It counts the items tried and
 * the bytes between them, which is what the engine really does, and JIT and interpreter count the same. What no callout
 * sees is charged to each: the least count of a repeat (\w{300} may fail at its 299th letter), the text that a back
 * reference compares.
 *
 * Counting costs more than matching. Most patterns are so plain that what they can do at most to a short text is known
 * beforehand, and is little: those run uncounted. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "text/regex.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

#define MATCH_DEPTH 10000
#define HEAP_KIB 16384
#define TEXT_HEAP_KIB 65536
#define PATTERN_MOST 65536
#define PLAIN_MOST 1e7

/* What a pattern may do at most to a text of n bytes: from each of n starts, 2^few ways through its items, each of
 * which walks its repeats over the text: n * 2^few * (length + n^many). */
typedef struct shape {
	unsigned many, few; /* items that are repeated; choices */
	bool wild;          /* groups are repeated, or something else that multiplies */
} shape;

struct regex {
	pcre2_code *code;
	pcre2_code *plain; /* the same without callouts; NULL where it must be counted */
	shape shape;
	size_t length; /* of the pattern */
	pcre2_match_data *data;
	pcre2_match_context *limits;
	uint32_t references; /* the highest group that is referred back to */
	uint32_t item;       /* what an item costs that is tried */
	bool clusters;       /* \X{2}: an item may walk the whole text and fail */
};

void regex_free(regex *r) {
	if (!r)
		return;
	pcre2_match_context_free(r->limits);
	pcre2_match_data_free(r->data);
	pcre2_code_free(r->code);
	pcre2_code_free(r->plain);
	free(r);
}

/* The cost of an item: more where repeats have high least counts. Reading a comment or class as a repeat does no harm.
 */
static void weigh(regex *r, str pattern) {
	size_t most = 0;
	for (size_t i = 0; i < pattern.n; i++) {
		bool cluster = false;
		if (pattern.p[i] == '\\' && i + 1 < pattern.n) {
			char c = pattern.p[++i];
			cluster = c == 'X';
			if (c == 'x' || c == 'o' || c == 'g')
				i++;
			if (!cluster || i + 1 >= pattern.n || pattern.p[i + 1] != '{')
				continue;
			i++;
		}
		if (pattern.p[i] != '{')
			continue;
		size_t least = 0;
		for (; i + 1 < pattern.n && pattern.p[i + 1] >= '0' && pattern.p[i + 1] <= '9' && least <= UINT16_MAX; i++)
			least = least * 10 + (size_t)(pattern.p[i + 1] - '0');
		most = least > most ? least : most;
		r->clusters |= cluster && least > 1;
	}
	size_t size = 0;
	pcre2_pattern_info(r->code, PCRE2_INFO_SIZE, &size);
	r->item = (uint32_t)(1 + most / 8 + size / 4096);
}

/* Reads a pattern roughly: what it is not sure of it takes for the worse. */
static shape shape_of(str pattern) {
	shape s = {0};
	bool class = false, group = false; /* within [ ]; the last item was a group */
	for (size_t i = 0; i < pattern.n; i++) {
		char c = pattern.p[i], next = i + 1 < pattern.n ? pattern.p[i + 1] : 0;
		bool after_group = group;
		group = false;
		if (c == '\\') {
			/* \Q quotes, \R and \X are several characters, \g, \k and digits refer to groups */
			s.wild |=
			    next == 'Q' || next == 'X' || next == 'R' || next == 'g' || next == 'k' || (next >= '0' && next <= '9');
			i++;
		} else if (class) {
			class = c != ']';
		} else if (c == '[') {
			class = true;
		} else if (c == ')') {
			group = true;
		} else if (c == '(' && (next == '*' || next == '?')) {
			/* (?i) (?: (?<name> (?= and their like; not x, which has comments, nor conditions and calls */
			char kind = i + 2 < pattern.n ? pattern.p[i + 2] : 0;
			s.wild |= next == '*' || !kind || !strchr(kind == '<' ? "<" : "i:=!>|", kind);
			s.wild |= kind == 'i' && i + 3 < pattern.n && pattern.p[i + 3] != ')' && pattern.p[i + 3] != ':';
			i += 2;
		} else if (c == '*' || c == '+' || c == '{') {
			s.many++;
			s.wild |= after_group;
		} else if (c == '?' || c == '|') {
			s.few++;
		}
	}
	return s;
}

/* Is that little? */
static bool is_plain(const regex *r, size_t n) {
	if (!r->plain)
		return false;
	double walks = 1;
	for (unsigned i = 0; i < r->shape.many; i++)
		walks *= (double)(n + 1);
	double most = (double)(n + 1) * (double)(1u << r->shape.few) * ((double)r->length + walks);
	return most <= PLAIN_MOST;
}

kol_status regex_compile(str pattern, bool bytes, regex **out, size_t *at, kol_error *err) {
	*out = NULL;
	*at = 0;
	if (pattern.n > PATTERN_MOST)
		return error_set(err, KOL_E_LIMIT, "the pattern is longer than %d bytes", PATTERN_MOST);
	if (!bytes && pattern.n > 2 && !memcmp(pattern.p, "(*", 2) && pattern.p[2] >= 'A' && pattern.p[2] <= 'Z') {
		*at = 2;
		return error_set(err, KOL_E_RULE, "a pattern cannot begin with a setting such as (*NO_JIT)");
	}
	regex *r = calloc(1, sizeof *r);
	if (!r)
		return error_memory(err);
	int code;
	uint32_t options = bytes ? PCRE2_NEVER_UTF : PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_AUTO_CALLOUT;
	options |= PCRE2_NEVER_BACKSLASH_C;
	r->code = pcre2_compile((PCRE2_SPTR)(pattern.p ? pattern.p : ""), pattern.n, options, &code, at, NULL);
	if (!r->code) {
		char sentence[256];
		pcre2_get_error_message(code, (PCRE2_UCHAR *)sentence, sizeof sentence);
		free(r);
		return code == PCRE2_ERROR_HEAP_FAILED ? error_memory(err) : error_set(err, KOL_E_RULE, "%s", sentence);
	}
	r->data = pcre2_match_data_create(REGEX_GROUPS, NULL);
	r->limits = pcre2_match_context_create(NULL);
	if (!r->data || !r->limits) {
		regex_free(r);
		return error_memory(err);
	}
	pcre2_set_depth_limit(r->limits, bytes ? MATCH_DEPTH : UINT32_MAX);
	pcre2_set_heap_limit(r->limits, bytes ? HEAP_KIB : TEXT_HEAP_KIB);
	pcre2_pattern_info(r->code, PCRE2_INFO_BACKREFMAX, &r->references);
	weigh(r, pattern);
	/* Without a JIT the interpreter does. Patterns of bytes are Lua's, many and short: compiling them would cost more
	 * than it saves. */
	if (!bytes)
		pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE);
	r->length = pattern.n;
	r->shape = shape_of(pattern);
	if (!bytes && !r->shape.wild && r->shape.many <= 2 && r->shape.few <= 12) {
		size_t ignored;
		r->plain = pcre2_compile((PCRE2_SPTR)(pattern.p ? pattern.p : ""), pattern.n,
		                         options & ~(uint32_t)PCRE2_AUTO_CALLOUT, &code, &ignored, NULL);
		if (!r->plain) {
			regex_free(r);
			return error_memory(err);
		}
		pcre2_jit_compile(r->plain, PCRE2_JIT_COMPLETE);
	}
	*out = r;
	return KOL_OK;
}

static enum regex_result result_of(const regex *r, int n, regex_match *out) {
	if (n == PCRE2_ERROR_NOMATCH)
		return REGEX_NONE;
	if (n < 0)
		return n == PCRE2_ERROR_NOMEMORY ? REGEX_MEMORY : REGEX_LIMIT;
	const PCRE2_SIZE *place = pcre2_get_ovector_pointer(r->data);
	uint32_t captures = 0;
	pcre2_pattern_info(r->code, PCRE2_INFO_CAPTURECOUNT, &captures);
	int all = (int)captures + 1 < REGEX_GROUPS ? (int)captures + 1 : REGEX_GROUPS;
	out->groups = all;
	for (int i = 0; i < all; i++) {
		bool took = (n == 0 || i < n) && place[2 * i] != PCRE2_UNSET;
		out->start[i] = took ? place[2 * i] : SIZE_MAX;
		out->end[i] = took ? place[2 * i + 1] : SIZE_MAX;
	}
	return REGEX_HIT;
}

enum regex_result regex_find(const regex *r, str text, size_t from, bool anchored, uint32_t steps, regex_match *out) {
	pcre2_set_match_limit(r->limits, steps);
	int n = pcre2_match(r->code, (PCRE2_SPTR)(text.p ? text.p : ""), text.n, from, anchored ? PCRE2_ANCHORED : 0,
	                    r->data, r->limits);
	return result_of(r, n, out);
}

typedef struct meter {
	const regex *r;
	uint64_t left;
	size_t at; /* where the item before was tried */
} meter;

static int count_item(pcre2_callout_block *block, void *context) {
	meter *m = context;
	size_t at = block->current_position;
	uint64_t cost = m->r->item + (at > m->at ? at - m->at : m->at - at);
	if (m->r->clusters)
		cost += (block->subject_length - at) / 16;
	size_t longest = 0;
	for (uint32_t i = 1; i <= m->r->references && i < block->capture_top; i++) {
		size_t start = block->offset_vector[2 * i], end = block->offset_vector[2 * i + 1];
		if (start != PCRE2_UNSET && end > start && end - start > longest)
			longest = end - start;
	}
	cost += longest / 4;
	m->at = at;
	if (cost > m->left) {
		m->left = 0;
		return PCRE2_ERROR_CALLOUT;
	}
	m->left -= cost;
	return 0;
}

static int match_counted(const regex *r, str text, size_t from, meter *m) {
	uint64_t steps = 16 * m->left + 10000; /* far above what the callouts let through */
	pcre2_set_match_limit(r->limits, steps < UINT32_MAX ? (uint32_t)steps : UINT32_MAX);
	pcre2_set_callout(r->limits, count_item, m);
	return pcre2_match(r->code, (PCRE2_SPTR)(text.p ? text.p : ""), text.n, from, 0, r->data, r->limits);
}

#define JIT_STACK ((size_t)32 << 20)

enum regex_result regex_search(const regex *r, str text, size_t from, uint64_t *budget, regex_match *out) {
	while (from < text.n && ((unsigned char)text.p[from] & 0xC0) == 0x80) /* no character begins there */
		from++;
	if (is_plain(r, text.n) && *budget > text.n) {
		pcre2_set_callout(r->limits, NULL, NULL);
		pcre2_set_match_limit(r->limits, UINT32_MAX);
		int found = pcre2_match(r->plain, (PCRE2_SPTR)(text.p ? text.p : ""), text.n, from, 0, r->data, r->limits);
		if (found >= 0 || found == PCRE2_ERROR_NOMATCH) {
			*budget -= text.n;
			return result_of(r, found, out);
		}
	}
	meter m = {r, *budget, from};
	int n = match_counted(r, text, from, &m);
	if (n == PCRE2_ERROR_JIT_STACKLIMIT) { /* the usual 32 KiB do not do: few patterns need more */
		pcre2_jit_stack *stack = pcre2_jit_stack_create(32768, JIT_STACK, NULL);
		if (!stack)
			return REGEX_MEMORY;
		pcre2_jit_stack_assign(r->limits, NULL, stack);
		m = (meter){r, *budget, from};
		n = match_counted(r, text, from, &m);
		pcre2_jit_stack_assign(r->limits, NULL, NULL);
		pcre2_jit_stack_free(stack);
	}
	*budget = m.left;
	return result_of(r, n, out);
}

str regex_group_name(const regex *r, int group) {
	uint32_t count = 0, size = 0;
	PCRE2_SPTR table = NULL;
	pcre2_pattern_info(r->code, PCRE2_INFO_NAMECOUNT, &count);
	pcre2_pattern_info(r->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(r->code, PCRE2_INFO_NAMETABLE, &table);
	for (uint32_t i = 0; i < count; i++, table += size)
		if (table[0] << 8 == (group & 0xFF00) && table[1] == (group & 0xFF))
			return str_of((const char *)table + 2);
	return (str){"", 0};
}

const char *regex_engine(void) {
	static char text[64];
	char version[32] = "";
	uint32_t jit = 0;
	pcre2_config(PCRE2_CONFIG_VERSION, version);
	pcre2_config(PCRE2_CONFIG_JIT, &jit);
	version[strcspn(version, " ")] = 0; /* "10.42 2022-12-11" */
	snprintf(text, sizeof text, "PCRE2 %s%s", version, jit ? " jit" : "");
	return text;
}
