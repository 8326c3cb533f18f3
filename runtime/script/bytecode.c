/* bytecode.c: walks a function's dump: does it loop, make functions, write into tables, assign what lives
 * outside it? The dump comes from lua_dump in this process, and is still read with bounds. Calls no Lua. */
#include "script/bytecode.h"

#include <stdint.h>
#include <stdlib.h>

enum opcode {
	OPCODE_SETUPVAL = 10,
	OPCODE_GETFIELD = 14,
	OPCODE_SETTABUP = 15,
	OPCODE_SETTABLE = 16,
	OPCODE_SETI = 17,
	OPCODE_SETFIELD = 18,
	OPCODE_NEWTABLE = 19,
	OPCODE_MMBIN = 46,
	OPCODE_MMBINK = 48,
	OPCODE_CLOSE = 54,
	OPCODE_JMP = 56,
	OPCODE_TEST = 66,
	OPCODE_RETURN = 70,
	OPCODE_RETURN1 = 72,
	OPCODE_FORLOOP = 73,
	OPCODE_FORPREP = 74,
	OPCODE_TFORPREP = 75,
	OPCODE_TFORLOOP = 77,
	OPCODE_CALL = 68,
	OPCODE_SELF = 20,
	OPCODE_LOADNIL = 8,
	OPCODE_SETLIST = 78,
	OPCODE_VARARG = 80,
	OPCODE_VARARGPREP = 81,
	OPCODE_EXTRAARG = 82
};
#define JUMP_ZERO 16777215
#define KEYS 256      /* an instruction's constant is one of so many */
#define PARAMETERS 4u /* looked at */
#define FAR_LINE 0x80 /* the line stands in the list of absolute ones */

typedef struct reader {
	const unsigned char *p, *end;
	bool broken;
	int depth;
	bytecode *out;
	bytecode_text *text;
	bytecode_field *field;
	void *user;
	str *keys; /* the first constants of the outermost function */
} reader;

static const unsigned char *take(reader *r, size_t n) {
	if (r->broken || (size_t)(r->end - r->p) < n) {
		r->broken = true;
		return NULL;
	}
	const unsigned char *p = r->p;
	r->p += n;
	return p;
}

static size_t number(reader *r) {
	size_t n = 0;
	for (int i = 0; i < 10; i++) {
		const unsigned char *b = take(r, 1);
		if (!b)
			return 0;
		n = n << 7 | (*b & 0x7f);
		if (*b & 0x80)
			return n;
	}
	r->broken = true;
	return 0;
}

static str text(reader *r) {
	size_t n = number(r);
	if (!n)
		return (str){0};
	const unsigned char *p = take(r, n - 1);
	return (str){(const char *)p, p ? n - 1 : 0};
}

static void constants(reader *r) {
	size_t n = number(r);
	for (size_t i = 0; i < n && !r->broken; i++) {
		const unsigned char *kind = take(r, 1);
		if (!kind)
			return;
		if (*kind == 0x03 || *kind == 0x13) {
			take(r, 8);
		} else if (*kind == 0x04 || *kind == 0x14) {
			str s = text(r);
			if (r->keys && r->depth == 1 && i < KEYS)
				r->keys[i] = s;
			if (!r->broken && r->text && s.p)
				r->text(r->user, s);
		} else if (*kind != 0 && *kind != 1 && *kind != 0x11) {
			r->broken = true;
		}
	}
}

typedef struct proto {
	const unsigned char *code, *lines;
	size_t count, line_count;
	int line, parameters;
	str outside; /* the upvalue assigned */
	int outside_index, outside_at;
} proto;

static uint32_t instruction(const proto *p, size_t i) {
	uint32_t x;
	memcpy(&x, p->code + 4 * i, 4);
	return x;
}

static bool is_jump(unsigned op) { return op == OPCODE_JMP || (op >= OPCODE_FORLOOP && op <= OPCODE_TFORLOOP); }

/* Does a JMP at j lead behind `made`, up to i? Loops that lie around both jump to before `made`. */
static bool leads_between(const proto *p, size_t j, size_t made, size_t i) {
	uint32_t x = instruction(p, j);
	long to = (long)j + 1 + (long)(x >> 7) - JUMP_ZERO;
	return (x & 0x7f) == OPCODE_JMP && to > (long)made && to <= (long)i;
}

/* Is the table that instruction i writes into one the function has just made? Only in straight code: between
 * the making and here nothing may jump or touch the register, and nothing may jump in from elsewhere. */
static bool own_table(const proto *p, size_t i) {
	unsigned reg = instruction(p, i) >> 7 & 0xff;
	size_t made = i;
	while (made-- > 0) {
		uint32_t x = instruction(p, made);
		unsigned op = x & 0x7f, a = x >> 7 & 0xff;
		if (op == OPCODE_NEWTABLE && a == reg)
			break;
		bool writes = op >= OPCODE_SETTABUP && op <= OPCODE_SETFIELD;
		bool several = op == OPCODE_CALL || op == OPCODE_SELF || op == OPCODE_LOADNIL || op == OPCODE_VARARG;
		if (is_jump(op) || (several && a <= reg))
			return false;
		if (!writes && op != OPCODE_SETLIST && op != OPCODE_EXTRAARG && a == reg)
			return false;
	}
	if (made == SIZE_MAX)
		return false;
	for (size_t j = 0; j < p->count; j++)
		if (leads_between(p, j, made, i))
			return false;
	return true;
}

static void code(reader *r, proto *p) {
	for (size_t i = 0; i < p->count; i++) {
		uint32_t x = instruction(p, i);
		unsigned op = x & 0x7f;
		if (op == OPCODE_FORLOOP || op == OPCODE_TFORLOOP || (op == OPCODE_JMP && (x >> 7) < JUMP_ZERO))
			r->out->loops = true;
		if (op == OPCODE_SETTABLE || op == OPCODE_SETI || op == OPCODE_SETFIELD)
			r->out->writes |= !own_table(p, i);
		if (op != OPCODE_SETUPVAL && op != OPCODE_SETTABUP)
			continue;
		r->out->writes = true;
		if (p->outside_index < 0) {
			p->outside_index = (int)(op == OPCODE_SETUPVAL ? x >> 16 & 0xff : x >> 7 & 0xff);
			p->outside_at = (int)i;
		}
	}
}

static bool writes_register(unsigned op) {
	return op != OPCODE_SETUPVAL && !(op >= OPCODE_SETTABUP && op <= OPCODE_SETFIELD) &&
	       !(op >= OPCODE_MMBIN && op <= OPCODE_MMBINK) && !(op >= OPCODE_CLOSE && op <= OPCODE_TEST) &&
	       !(op >= OPCODE_RETURN && op <= OPCODE_RETURN1) && op < OPCODE_VARARGPREP;
}

/* Parameters that still are what the caller gave: one bit each. A nested function that assigns anything may mean them.
 */
static unsigned untouched(const reader *r, const proto *p) {
	unsigned kept = 0;
	for (unsigned i = 0; i < PARAMETERS && i < (unsigned)p->parameters; i++)
		kept |= 1u << i;
	if (r->out->closures && r->out->writes)
		return 0;
	for (size_t i = 0; i < p->count; i++) {
		uint32_t x = instruction(p, i);
		unsigned op = x & 0x7f, a = x >> 7 & 0xff, last = op == OPCODE_LOADNIL ? a + (x >> 16 & 0xff) : a;
		for (; writes_register(op) && a <= last && a < PARAMETERS; a++)
			kept &= ~(1u << a);
	}
	return kept;
}

/* r stands on the list of absolute lines, which is read here from a copy. */
static void fields(const reader *r, const proto *p) {
	reader far = *r;
	unsigned kept = untouched(r, p);
	int line = p->line;
	number(&far);
	for (size_t i = 0; p->lines && i < p->count && i < p->line_count; i++) {
		uint32_t x = instruction(p, i);
		unsigned of = x >> 16 & 0xff;
		if (p->lines[i] == FAR_LINE) {
			number(&far);
			line = (int)number(&far);
		} else {
			line += (signed char)p->lines[i];
		}
		if ((x & 0x7f) == OPCODE_GETFIELD && of < PARAMETERS && kept & 1u << of && r->keys[x >> 24].p)
			r->field(r->user, (int)of, r->keys[x >> 24], line);
	}
}

static void names(reader *r, proto *p, bool outermost) {
	p->line_count = number(r);
	p->lines = take(r, p->line_count);
	int line = p->line;
	for (size_t i = 0; p->lines && p->outside_index >= 0 && i <= (size_t)p->outside_at && i < p->line_count; i++)
		if (p->lines[i] != FAR_LINE)
			line += (signed char)p->lines[i];
	if (r->field && r->depth == 1)
		fields(r, p);
	size_t absolute = number(r);
	for (size_t i = 0; i < absolute && !r->broken; i++) {
		size_t at = number(r), where = number(r);
		if (p->outside_index < 0 || (int)at > p->outside_at)
			continue;
		line = (int)where;
		for (size_t j = at + 1; p->lines && j <= (size_t)p->outside_at && j < p->line_count; j++)
			if (p->lines[j] != FAR_LINE)
				line += (signed char)p->lines[j];
	}
	size_t locals = number(r);
	for (size_t i = 0; i < locals && !r->broken; i++) {
		text(r);
		number(r);
		number(r);
	}
	size_t outside = number(r);
	for (size_t i = 0; i < outside && !r->broken; i++) {
		str name = text(r);
		if ((int)i == p->outside_index)
			p->outside = name;
	}
	if (p->outside_index >= 0 && outermost && !r->out->assigns_line) {
		r->out->assigns_line = line;
		r->out->assigns = p->outside;
	}
}

static void function(reader *r, bool outermost) {
	if (++r->depth > 200)
		r->broken = true;
	proto p = {.outside_index = -1};
	text(r);
	p.line = (int)number(r);
	number(r);
	const unsigned char *shape = take(r, 3);
	p.parameters = shape ? *shape : 0;
	p.count = number(r);
	if (p.count > (size_t)(r->end - r->p) / 4)
		r->broken = true;
	p.code = take(r, r->broken ? 0 : 4 * p.count);
	if (p.code && !r->broken)
		code(r, &p);
	constants(r);
	size_t upvalues = number(r);
	const unsigned char *kinds = take(r, upvalues > SIZE_MAX / 3 ? SIZE_MAX : 3 * upvalues);
	/* A nested function may assign its parent's locals, not what lies outside the outermost function. */
	if (!outermost && p.outside_index >= 0 && kinds && (size_t)p.outside_index < upvalues)
		outermost = kinds[3 * p.outside_index] == 0;
	size_t inner = number(r);
	for (size_t i = 0; i < inner && !r->broken; i++) {
		r->out->closures = true;
		function(r, false);
	}
	names(r, &p, outermost);
	r->depth--;
}

bool bytecode_read(str dump, bytecode *out, bytecode_text *tell, bytecode_field *field, void *user) {
	str keys[KEYS] = {{0}};
	static const unsigned char head[] = {0x1b, 'L', 'u', 'a', 0x54, 0, 0x19, 0x93, '\r', '\n', 0x1a, '\n', 4, 8, 8};
	reader r = {.p = (const unsigned char *)dump.p, .end = (const unsigned char *)dump.p + dump.n};
	r.out = out;
	r.text = tell;
	r.field = field;
	r.keys = keys;
	r.user = user;
	const unsigned char *p = take(&r, sizeof head + 16 + 1);
	if (!p || memcmp(p, head, sizeof head))
		return false;
	function(&r, true);
	return !r.broken;
}
