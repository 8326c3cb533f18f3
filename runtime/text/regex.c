/* regex.c: wraps PCRE2. The only file that knows it. Match steps, depth and heap are bounded by fixed
 * numbers, so that a text meets the same limit on every machine. Knows nothing of rules or Lua. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "text/regex.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

#define MATCH_DEPTH 10000
#define HEAP_KIB 16384
#define PATTERN_MOST 65536

struct regex {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *limits;
};

void regex_free(regex *r) {
	if (!r)
		return;
	pcre2_match_context_free(r->limits);
	pcre2_match_data_free(r->data);
	pcre2_code_free(r->code);
	free(r);
}

kol_status regex_compile(str pattern, bool bytes, regex **out, size_t *at, kol_error *err) {
	*out = NULL;
	*at = 0;
	if (pattern.n > PATTERN_MOST)
		return error_set(err, KOL_E_LIMIT, "the pattern is longer than %d bytes", PATTERN_MOST);
	regex *r = calloc(1, sizeof *r);
	if (!r)
		return error_memory(err);
	int code;
	uint32_t options = bytes ? PCRE2_NEVER_UTF : PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF;
	options |= PCRE2_NEVER_BACKSLASH_C;
	r->code = pcre2_compile((PCRE2_SPTR)(pattern.p ? pattern.p : ""), pattern.n, options, &code, at, NULL);
	if (!r->code) {
		char sentence[256];
		pcre2_get_error_message(code, (PCRE2_UCHAR *)sentence, sizeof sentence);
		free(r);
		return error_set(err, KOL_E_RULE, "%s", sentence);
	}
	r->data = pcre2_match_data_create(REGEX_GROUPS, NULL);
	r->limits = pcre2_match_context_create(NULL);
	if (!r->data || !r->limits) {
		regex_free(r);
		return error_memory(err);
	}
	pcre2_set_depth_limit(r->limits, MATCH_DEPTH);
	pcre2_set_heap_limit(r->limits, HEAP_KIB);
	/* Without a JIT the interpreter does. Patterns of bytes are Lua's, many and short: compiling them would cost more
	 * than it saves. */
	if (!bytes)
		pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE);
	*out = r;
	return KOL_OK;
}

enum regex_result regex_find(const regex *r, str text, size_t from, bool anchored, uint32_t steps, regex_match *out) {
	pcre2_set_match_limit(r->limits, steps);
	int n = pcre2_match(r->code, (PCRE2_SPTR)(text.p ? text.p : ""), text.n, from, anchored ? PCRE2_ANCHORED : 0,
	                    r->data, r->limits);
	if (n == PCRE2_ERROR_NOMATCH)
		return REGEX_NONE;
	if (n < 0)
		return REGEX_LIMIT;
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
