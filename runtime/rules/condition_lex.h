/* condition_lex.h: the words of a condition. Private to the parser. */
#ifndef RULES_CONDITION_LEX_H
#define RULES_CONDITION_LEX_H

#include "rules/condition_syntax.h"

enum token { /* single characters stand for themselves */
	         TOKEN_END = 256,
	         TOKEN_NUMBER,
	         TOKEN_TEXT,
	         TOKEN_NAME,
	         TOKEN_AND,
	         TOKEN_OR,
	         TOKEN_NOT,
	         TOKEN_NIL,
	         TOKEN_TRUE,
	         TOKEN_FALSE,
	         TOKEN_EQ,
	         TOKEN_NE,
	         TOKEN_LE,
	         TOKEN_GE,
	         TOKEN_FLOOR_DIVIDE,
	         TOKEN_JOIN
};

typedef struct lexer {
	condition *c;
	arena *memory;
	kol_error *err;
	kol_status status;       /* KOL_OK until the first error, which stays */
	bool pattern;            /* in a text, backslashes stay: it is a pattern, and \d is its own word */
	int next;                /* byte behind the current token */
	int token, from, before; /* the current token and where it begins; the end of the one before */
	double number;
	str text; /* TOKEN_TEXT: without quotes and escapes; TOKEN_NAME */
} lexer;

/* Steps to the next token; TOKEN_END at the end and after an error. */
void lexer_step(lexer *l);
void lexer_fail(lexer *l, int at, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
