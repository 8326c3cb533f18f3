/* spans_test.c: texts and what is found in them: "kind: texts parted by |". Each span is also held against the
 * original: it must begin and end where its text does. Then previews, borders of clusters, and hostile texts. Prints
 * TAP. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buffer.h"
#include "text/preview.h"
#include "text/text_spans.h"

static int tests, failures;

static void check(bool ok, const char *what, const char *detail) {
	printf("%s %d - %s%s%s\n", ok ? "ok" : "not ok", ++tests, what, ok ? "" : " # ", ok ? "" : detail);
	failures += !ok;
}

typedef struct example {
	const char *text, *found;
} example;

static const example hashtags[] = {
    {"#ad love this", "ad"},
    {"so good #Ad #SPONSORED", "ad|sponsored"},
    {"＃ad and ﹟werbung", "ad|werbung"},
    {"#ad#gifted", "ad|gifted"},
    {"##ad", "ad"},
    {"(#ad)", "ad"},
    {"#ad, #anzeige. #pub!", "ad|anzeige|pub"},
    {"#1 in my heart, #2026", ""},
    {"#2026goals #top10", "2026goals|top10"},
    {"#paid_partnership #_x", "paid_partnership|_x"},
    {"abc#ad", ""},
    {"C# and F# are keys", ""},
    {"# ad", ""},
    {"#", ""},
    {"#!/bin", ""},
    {"it&#39;s", ""},
    {"https://example.com/page#section", ""},
    {"https://example.com/#section", ""},
    {"example.com/#ad", ""},
    {"Anzeige/#werbung", "werbung"},
    {"#l'oreal", "l"},
    {"#ad-gifted", "ad"},
    {"#straße #Über #größe", "strasse|über|grösse"},
    {"#реклама #новинка", "реклама|новинка"},
    {"#إعلان #اعلان", "اعلان|اعلان"},
    {"#विज्ञापन", "विज्ञापन"},
    {"#โฆษณา", "โฆษณา"},
    {"#광고 #협찬 감사", "광고|협찬"},
    {"#col·laboració", "col·laboració"},
    {"#ad🔥 #love❤️", "ad|love"},
    {"1️⃣ #️⃣ *️⃣", ""},
    {"今日のコーデ#プチプラ #PR", "プチプラ|pr"},
    {"#コーヒー#カフェ#朝", "コーヒー|カフェ|朝"},
    {"#咖啡#日常#好喝", "咖啡|日常|好喝"},
    {"#新品上市#终于买到了", "新品上市"},
    {"#新品上市# 终于买到了 #ad", "新品上市|ad"},
    {"#秋冬 穿搭 指南# 来了", "秋冬 穿搭 指南"},
    {"#2026 新年#", "2026 新年"},
    {"#广告[话题]# #新品[话题]#", "广告|新品"},
    {"#a[话题]##b[话题]#", "a|b"},
    {"#演唱会[超话]#今天", "演唱会"},
    {"#晚餐 今天很开心 #好吃", "晚餐|好吃"},
    {"#ad 今天的新品#好吃", "ad|好吃"},
    {"#맛집 #여행 기록", "맛집|여행"},
    {"#一\n二#", "一"},
    {"#ad\xFF#x\xC3", "ad|x"},
};

static const example mentions[] = {
    {"@brand thanks", "brand"},
    {"thanks @Brand_Official.", "brand_official"},
    {"ping @lena.cooks... and @b-c", "lena.cooks|b-c"},
    {"mail me: lena@example.com", ""},
    {"lena.k@example.co.uk, x_@example.com", ""},
    {"＠brand ﹫other", "brand|other"},
    {"(@brand)", "brand"},
    {"@brand's tea", "brand"},
    {"@brandさんの新作", "brand"},
    {"@brand와 함께", "brand"},
    {"感谢@小明 推荐", "小明"},
    {"@小明的日常-vlog 好", "小明的日常-vlog"},
    {"@한국브랜드 협찬", "한국브랜드"},
    {"@a@b", "a"},
    {"@ home", ""},
    {"@5pm @8am meet @20", ""},
    {"@007agent", "007agent"},
    {"https://tiktok.com/@lena/video/1", ""},
    {"youtube.com/@lena", ""},
    {"love it.@brand", "brand"},
    {"thanks @brand.Great tea", "brand"},
    {"@Dr.Smith", "dr.smith"},
    {"@brand-", "brand"},
    {"@...", ""},
    {"@", ""},
};

static const example links[] = {
    {"https://example.com", "https://example.com"},
    {"see HTTP://Example.COM/Path?x=1#y.", "HTTP://Example.COM/Path?x=1#y"},
    {"(https://example.com/a_(b))", "https://example.com/a_(b)"},
    {"(see https://example.com/a).", "https://example.com/a"},
    {"www.example.de, or", "www.example.de"},
    {"bit.ly/abc amzn.to/3xYz", "bit.ly/abc|amzn.to/3xYz"},
    {"t.co/abc", "t.co/abc"},
    {"brisktea.com/lena!", "brisktea.com/lena"},
    {"brisktea.com is open", "brisktea.com"},
    {"shop at brisk.co.uk today", "brisk.co.uk"},
    {"linktr.ee/lena", "linktr.ee/lena"},
    {"see the end.Start of it", ""},
    {"love it.This/that so", ""},
    {"Ende.Die nächste", ""},
    {"tea.It is", ""},
    {"e.g. this, i.e. that, 3.5 and 1.2.3", ""},
    {"mail lena@example.com or a.b@example.com/x", ""},
    {"@brand.com/x", ""},
    {"wait...what", ""},
    {"看https://t.cn/AbC好看", "https://t.cn/AbC"},
    {"链接：https://example.cn/a，好", "https://example.cn/a"},
    {"https://example.com/über/straße x", "https://example.com/über/straße"},
    {"https://müller.example/x", "https://müller.example/x"},
    {"https://example.com/👉 go", "https://example.com/"},
    {"https://example.com:8080/x", "https://example.com:8080/x"},
    {"https://localhost/x", ""},
    {"<a href=\"https://example.com/a\">", "https://example.com/a"},
    {"[tea](https://example.com/a)", "https://example.com/a"},
    {"https://a.example/x,https://b.example/y", "https://a.example/x,https://b.example/y"},
    {"bit.ly/a bit.ly/b", "bit.ly/a|bit.ly/b"},
    {"https://youtu.be/abc?si=x&t=3", "https://youtu.be/abc?si=x&t=3"},
    {"s.h.i.t happens/today", ""},
    {"and/or he.she/they", ""},
};

static const example codes[] = {
    {"Use code BRISK20 for 20% off", "BRISK20"},
    {"BRISK20 for 20% off", "BRISK20"},
    {"use BRISK for 20% off at checkout", "BRISK"},
    {"my code is \"lena15\"", "LENA15"},
    {"Code: LENA", "LENA"},
    {"code LENA saves you 10%", "LENA"},
    {"my code for the whole shop is LENA20", "LENA20"},
    {"codes LENA10, LENA20 and LENA30", "LENA10|LENA20|LENA30"},
    {"discount code 👉 BRISK20 👈", "BRISK20"},
    {"coupon BRISK", "BRISK"},
    {"promo code:\nTEA4YOU", "TEA4YOU"},
    {"code LENA-20 at checkout", "LENA-20"},
    {"Mit LENA20 spart ihr 20 % auf alles", "LENA20"},
    {"Rabattcode: LENA15", "LENA15"},
    {"Mit dem Gutscheincode „LENA“ gibt es 10 %", "LENA"},
    {"Mit dem Code LENA10 bekommt ihr Rabatt", "LENA10"},
    {"code promo LENA10", "LENA10"},
    {"avec le code LENA vous avez -20%", "LENA"},
    {"codice sconto: GIULIA10", "GIULIA10"},
    {"con el código ANA20 tienes descuento", "ANA20"},
    {"código de descuento ANA", "ANA"},
    {"cupom BIA10", "BIA10"},
    {"kortingscode SANNE15", "SANNE15"},
    {"indirim kodu: AYSE10", "AYSE10"},
    {"AYSE10 koduyla %10 indirim", "AYSE10"},
    {"промокод LENA20", "LENA20"},
    {"по промокоду АНЯ20 скидка", "АНЯ20"},
    {"优惠码BRISK20", "BRISK20"},
    {"折扣码：LENA10，快去", "LENA10"},
    {"クーポンコード「LENA20」で20%オフ", "LENA20"},
    {"「LENA20」のクーポン", "LENA20"},
    {"할인코드 LENA10", "LENA10"},
    {"할인 코드: LENA10", "LENA10"},
    {"โค้ดส่วนลด LENA10", "LENA10"},
    {"كود خصم LENA10", "LENA10"},
    {"kod rabatowy LENA10", "LENA10"},
    {"rabattkod: LENA10", "LENA10"},
    {"कूपन कोड LENA10", "LENA10"},
    {"ＣＯＤＥ：ＢＲＩＳＫ２０", "BRISK20"},
    {"USE CODE BRISK20 NOW FOR FREE SHIPPING", "BRISK20"},
    {"Use my code LENA, thank me later", "LENA"},
    {"15% off with LENA15!", "LENA15"},
    {"-20% avec LENA20", "LENA20"},
    {"sconto del 10% con GIULIA10", "GIULIA10"},
    {"10% korting met SANNE10", "SANNE10"},
    {"LENA10 입력하면 10% 할인", "LENA10"},
    {"LENA20を入力で20%オフ", "LENA20"},
    {"输入LENA20立减20元", "LENA20"},
    {"LENA10 ile %10 indirim", "LENA10"},
    {"z kodem LENA10 taniej", "LENA10"},
    {"LENA20: 20% off everything", "LENA20"},
    {"Rabatt-Code LENA15", "LENA15"},
    {"the code REALLY works", ""},
    {"the code is BROKEN again", ""},
    {"COUPON ALERT", ""},
    {"PROMO VIDEO", ""},
    {"shot on Kodak PORTRA400", ""},
    {"QR-Code ABC123", ""},
    {"Dresscode: BLACK", ""},
    {"Barcode 4006381333931", ""},
    {"the dress code is BLACK tie", ""},
    {"dress code BLACK", ""},
    {"CODE REVIEW today", ""},
    {"code review at work", ""},
    {"area code 415", ""},
    {"the area code is NYC212", ""},
    {"scan the QR code", ""},
    {"QR code BELOW", ""},
    {"zip code 10115", ""},
    {"zip code SW1A", ""},
    {"use code FOR 20% off", ""},
    {"error code E404", ""},
    {"I code JAVA17", ""},
    {"learn to code HTML5", ""},
    {"code postal 75001", ""},
    {"NEW for 20% off", ""},
    {"SPF50 for the summer", ""},
    {"Get the XPS15 for 20% off", ""},
    {"20% OFF TODAY ONLY", ""},
    {"save 20% at checkout", ""},
    {"no code today. SALE soon", ""},
    {"iPhone15 with 128GB", ""},
    {"レコードABC123", ""},
    {"the code is in my bio", ""},
    {"use my code @LENA20", ""},
};

static const example emoji[] = {
    {"tea ☕ and ❤️", "☕|❤️"},
    {"👩‍👩‍👧‍👦🇩🇪🇺🇸", "👩‍👩‍👧‍👦|🇩🇪|🇺🇸"},
    {"1️⃣ #️⃣ *️⃣", "1️⃣|#️⃣|*️⃣"},
    {"👍🏽👍", "👍🏽|👍"},
    {"Brisk™ © ® 3", ""},
    {"™️", "™️"},
    {"☺︎ text", ""},
    {"→ ↔ ▶", ""},
    {"▶️ ⭐ ✨", "▶️|⭐|✨"},
    {"é ü 日本 :)", ""},
    {"🏴‍☠️🏳️‍🌈", "🏴‍☠️|🏳️‍🌈"},
    {"\xF0\x9F\x98 \xF0\x9F\x98\x80", "😀"},
};

static const example lines[] = {
    {"one", "one"},
    {"one\ntwo", "one|two"},
    {"one\r\ntwo\r\n", "one|two"},
    {"a\n\nb", "a||b"},
    {"", ""},
    {"a\rb", "a|b"},
    {"a\xE2\x80\xA8"
     "b",
     "a|b"},
    {"\n", ""},
};

/* A span's text must be what stands there in the original, but for folding: folding that stretch must hold it. */
static bool stands(const text_span *s, const folded *f, enum span_kind kind) {
	if (s->start > s->end || s->end > f->original.n)
		return false;
	if (kind == SPAN_URL || kind == SPAN_EMOJI || kind == SPAN_LINE)
		return str_eq(s->text, (str){f->original.p + s->start, s->end - s->start});
	folded part = {0}, text = {0};
	bool ok = fold_text(&part, (str){f->original.p + s->start, s->end - s->start}) && fold_text(&text, s->text) &&
	          memmem(part.p, part.n, text.p, text.n) != NULL;
	fold_free(&part);
	fold_free(&text);
	return ok;
}

static void try_all(const char *what, enum span_kind kind, const example *list, size_t count) {
	folded f = {0};
	arena a = {0};
	for (size_t i = 0; i < count; i++) {
		text_spans found = {0};
		buffer joined = {0};
		bool ok = fold_text(&f, str_of(list[i].text)) && text_spans_find(&f, kind, &a, &found);
		for (int k = 0; k < found.count; k++) {
			if (k)
				buffer_char(&joined, '|');
			buffer_str(&joined, found.items[k].text);
			ok &= stands(&found.items[k], &f, kind);
			ok &= k == 0 || found.items[k].start >= found.items[k - 1].end;
		}
		const char *text = buffer_text(&joined);
		char name[400];
		snprintf(name, sizeof name, "%s in: %.200s", what, list[i].text);
		for (char *p = name; *p; p++)
			if (*p == '\n' || *p == '\r' || *p == '#')
				*p = *p == '#' ? '+' : ' '; /* TAP's own signs */
		check(ok && text && strcmp(text, list[i].found) == 0, name, text && *text ? text : "nothing, or a wrong place");
		buffer_free(&joined);
		arena_reset(&a);
	}
	arena_free(&a);
	fold_free(&f);
}

static void affiliates(void) {
	static const char *const yes[] = {
	    "https://amzn.to/3abc",
	    "amzn.to/x",
	    "https://www.amazon.com/dp/B0?tag=lena-20",
	    "https://ltk.app/lena",
	    "https://liketk.it/4x",
	    "https://brisk.example/tea?utm_medium=affiliate&x=1",
	    "https://brisk.example/tea?x=1&AFF=lena",
	    "https://go.sjv.io/abc",
	    "https://shop.example/?awc=1_2",
	};
	static const char *const no[] = {
	    "https://www.amazon.com/dp/B0",
	    "https://brisk.example/blog?tag=tea",
	    "https://brisk.example/tea?utm_medium=social",
	    "https://notamzn.to.example/",
	    "https://brisk.example/affiliate",
	    "",
	    "https://",
	};
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		check(url_affiliate(str_of(yes[i])), "an affiliate's link", yes[i]);
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		check(!url_affiliate(str_of(no[i])), "not an affiliate's link", no[i]);
}

static void previews(void) {
	const preview *p = preview_of(STR("instagram"), STR("caption"));
	check(p && p->graphemes == 125 && p->lines == 3, "Instagram shows 125 characters or three lines", "");
	check(!preview_of(STR("instagram"), STR("title")) && !preview_of(STR("nowhere"), STR("caption")),
	      "nothing is said of what is not known", "");
	if (!p)
		return;
	buffer b = {0};
	for (int i = 0; i < 130; i++)
		buffer_z(&b, "👍🏽");
	check(preview_end(p, (str){b.p, b.n}) == 125 * strlen("👍🏽"), "a preview counts clusters", "");
	check(preview_end(p, STR("a\nb\nc\nd")) == 5, "a preview counts lines", "");
	check(preview_end(p, STR("a\r\nb\r\nc")) == 7 && preview_end(p, STR("")) == 0, "a short text is seen whole", "");
	preview none = {"x", "y", 0, 0, false, ""};
	check(preview_end(&none, STR("a\nb")) == 3, "no limits, no cut", "");
	buffer_free(&b);
}

static void clusters(void) {
	str s = STR("a👩‍👩‍👧é🇩🇪🇺🇸b\r\nc");
	size_t family = 1, e = family + strlen("👩‍👩‍👧"), germany = e + strlen("é"), states = germany + 8,
	       b = states + 8;
	check(grapheme_before(s, family + 5) == family && grapheme_after(s, family + 5) == e, "inside a family", "");
	check(grapheme_before(s, e) == e && grapheme_after(s, e) == e, "at a border", "");
	check(grapheme_before(s, e + 1) == e && grapheme_after(s, e + 1) == germany, "inside a letter", "");
	check(grapheme_before(s, germany + 4) == germany && grapheme_before(s, states + 4) == states, "inside flags", "");
	check(grapheme_after(s, states + 1) == b, "behind flags", "");
	check(grapheme_before(s, b + 2) == b + 1 && grapheme_after(s, b + 2) == b + 3, "between CR and LF", "");
	check(grapheme_before(s, 999) == s.n && grapheme_after(s, 999) == s.n, "behind the end", "");
	str bad = STR("\x80\x80\xE2\x82 \xF0\x9F\xFF");
	bool fine = true;
	for (size_t i = 0; i <= bad.n; i++)
		fine &= grapheme_before(bad, i) <= i && grapheme_after(bad, i) >= i && grapheme_after(bad, i) <= bad.n;
	check(fine, "bytes that are no UTF-8", "");
}

static double seconds(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Twice the text may take twice the time, not four times; and never long. */
static void hostile(void) {
	static const char *const parts[] = {
	    "#",    "@",        "#a",       "@a",    ".",        "a.",       "#话",          "# 话", "/#",
	    "./#a", "a.b/",     "https://", "code ", "A1 code ", "A1 for %", "BRISK20 ",     "\xF0", "👍\xE2\x80\x8D",
	    "🇩",    "\xCC\x81", "((",       "a@",    "x-",       "-",        "\xED\xA0\x80", "A",    "1",
	    "www.", "code: ",   "#a[话题]"};
	enum { SIZE = 1 << 20 };
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		buffer b = {0};
		while (b.n < SIZE)
			buffer_z(&b, parts[i]);
		folded f = {0};
		arena a = {0};
		bool ok = !b.failed && fold_text(&f, (str){b.p, b.n});
		double began = seconds();
		for (int kind = SPAN_HASHTAG; ok && kind <= SPAN_LINE; kind++) {
			text_spans found = {0};
			ok = text_spans_find(&f, (enum span_kind)kind, &a, &found);
		}
		for (size_t at = 0; at < b.n; at += 997)
			ok &= grapheme_before(f.original, at) <= at && grapheme_after(f.original, at) >= at;
		preview p = {"", "", 1000, 0, false, ""};
		ok &= preview_end(&p, f.original) <= b.n;
		double took = seconds() - began;
		char name[64], detail[64];
		snprintf(name, sizeof name, "a megabyte of hostile text, kind %zu", i);
		snprintf(detail, sizeof detail, "%.2f s", took);
		check(ok && took < 10, name, detail);
		if (getenv("SPANS_TIMES"))
			fprintf(stderr, "%s %.3f s\n", parts[i], took);
		arena_free(&a);
		fold_free(&f);
		buffer_free(&b);
	}
}

#define TRY(what, kind, list) try_all(what, kind, list, sizeof(list) / sizeof *(list))

int main(void) {
	TRY("hashtags", SPAN_HASHTAG, hashtags);
	TRY("mentions", SPAN_MENTION, mentions);
	TRY("links", SPAN_URL, links);
	TRY("codes", SPAN_CODE, codes);
	TRY("emoji", SPAN_EMOJI, emoji);
	TRY("lines", SPAN_LINE, lines);
	affiliates();
	previews();
	clusters();
	hostile();
	printf("1..%d\n", tests);
	return failures != 0;
}
