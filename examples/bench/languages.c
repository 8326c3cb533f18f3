/* languages.c: the tables of languages.h. Written for this benchmark; the made words mean nothing. */
#include "languages.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))
#define LATIN_HEADS "b c d f g h l m n p r s t v b c d f g h l m n p r s t v _ br cl dr fl gr pl pr st tr "

const language languages[] = {
    {.tag = "en",
     .share = 15,
     .common =
         "the to and a of my i in for is you it this on with that so me your are have we was be all just but not at "
         "love new day out up from they what one like get can it's i'm when more if do our time will about day now "
         "don't how some been best who these by an as back today always little really us never life "
         "can't",
     .heads = LATIN_HEADS "sh th wh ch k w y j qu sl sp sw bl cr",
     .cores = "a e i o u a e i o u a e i o ea ee oo ai ou",
     .tails = "n r t s l d ck ng st nd m p sh ll rt ss",
     .tail_percent = 55,
     .most_syllables = 3,
     .endings = "ing ed s er ly ness tion y able",
     .commas = ", ",
     .full = ".",
     .ad = "Use my code BRISK20, link in bio!"},
    {.tag = "es",
     .share = 6,
     .common =
         "de la que el en y a los no se un por con una para mi es las lo del te me más su al como hoy todo pero le "
         "si día ya esta este muy cuando sin también porque nos qué está son hay yo tú así aquí años",
     .heads = LATIN_HEADS "ll ñ qu ch j z",
     .cores = "a e o i u a e o á é í ó ú ia ie ue",
     .tails = "n s r l d",
     .tail_percent = 25,
     .most_syllables = 4,
     .endings = "ción ado ida mente os as ar er ito ito aba",
     .commas = ", ",
     .full = ".",
     .ad = "Colaboración pagada con Teavora"},
    {.tag = "pt",
     .share = 5,
     .common = "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu sua ou "
               "quando muito já eu também só pelo até isso ela entre depois sem mesmo você hoje meu minha é está dia",
     .heads = LATIN_HEADS "lh nh ç qu ch j x",
     .cores = "a e o i u a e o ã õe ão á é ê í ó ô ei ou",
     .tails = "s r m l",
     .tail_percent = 25,
     .most_syllables = 4,
     .endings = "ção ado inho inha mente ões ar er",
     .commas = ", ",
     .full = ".",
     .ad = "Parceria paga, link na bio"},
    {.tag = "fr",
     .share = 4,
     .common =
         "de la le et les des en un du une que est pour qui dans sur au pas ce par plus avec je il se on tout mais "
         "nous vous à son ma mon c'est j'ai très été où même aussi cette si sans bien être jour d'un l'été qu'il",
     .heads = LATIN_HEADS "ch gn j qu v z",
     .cores = "a e i o u é è ê eau ou oi ai eu an on in é",
     .tails = "t s r x l nt",
     .tail_percent = 40,
     .most_syllables = 3,
     .endings = "tion ement é ée és eux eur age ère",
     .commas = ", ",
     .full = " !",
     .ad = "Collaboration commerciale avec Northpan"},
    {.tag = "de",
     .share = 4,
     .common =
         "die der und ich in das ist zu mit den nicht auf es ein für so eine von auch wir was wenn mir bei mein im "
         "heute noch wie aus hat nur mal schon über sich euch aber immer oder einfach mehr schön können wäre",
     .heads = LATIN_HEADS "sch k z w schl kn pf",
     .cores = "a e i o u ei ie ä ö ü au eu e",
     .tails = "n r t s l ch cht nd rt ß mm ng",
     .tail_percent = 60,
     .most_syllables = 4,
     .endings = "ung en er lich keit heit te st ige",
     .commas = ", ",
     .full = ".",
     .ad = "Werbung | In Kooperation mit Lipwell"},
    {.tag = "it",
     .share = 2,
     .common = "di e che la il un a per in non una sono mi con è si da come le i ho lo ma più questo se al ti ha della "
               "tutto anche o oggi io mio sempre perché così già qui giorno però c'è un'altra quando",
     .heads = LATIN_HEADS "gl gn ch z sc",
     .cores = "a e i o a e i o u à è ì ò ie uo",
     .tails = "n r l s t",
     .tail_percent = 20,
     .most_syllables = 4,
     .endings = "zione ato ità mente ino etta are",
     .commas = ", ",
     .full = ".",
     .ad = "Pubblicità, codice SOLBIT15"},
    {.tag = "tr",
     .share = 2,
     .common = "bir ve bu için çok ben da de ne daha o gibi ama kadar en var mı benim her şey sen ile olan değil bugün "
               "gün güzel yok diye artık hiç şimdi İstanbul yeni sonra iyi",
     .heads = "b c ç d f g h k l m n p r s ş t v y z _",
     .cores = "a e ı i o ö u ü",
     .tails = "n r k l m ş z t",
     .tail_percent = 45,
     .most_syllables = 4,
     .endings = "lar ler ımız dır iyor mak ında ği",
     .commas = ", ",
     .full = ".",
     .ad = "İş birliği"},
    {.tag = "pl",
     .share = 1,
     .common = "i w na nie się z do to że jest a o jak co ale po tak mnie już ja za jestem dla być dziś był moja tylko "
               "może też bardzo więc które dzień",
     .heads = "b c d f g k l ł m n p r s ś t w z ż cz sz rz dz prz st",
     .cores = "a e i o u y ą ę ó a e o",
     .tails = "ć ł m k r n ść",
     .tail_percent = 35,
     .most_syllables = 3,
     .endings = "ość anie owy ka ego ych",
     .commas = ", ",
     .full = "."},
    {.tag = "vi",
     .share = 1,
     .common =
         "là và của có không cho được một trong này với các những đã em anh mình thì khi cũng ngày đi rất như đẹp",
     .heads = "b c ch d đ g h kh l m n ng nh ph qu s t th tr v x",
     .cores = "a ă â e ê i o ô ơ u ư á à ả ã ạ ấ ế ề ệ ố ộ ớ ờ ứ ừ iế ươ",
     .tails = "n ng m t c nh p",
     .tail_percent = 60,
     .most_syllables = 1,
     .endings = "",
     .commas = ", ",
     .full = "."},
    {.tag = "ru",
     .share = 6,
     .common =
         "и в не на я что с это как а по все у мы но он меня так мне за то для из бы от уже очень было до вот ещё "
         "когда если сегодня день мой только нет есть была можно",
     .heads = "б в г д ж з к л м н п р с т ф х ц ч ш щ _ пр ст вр кр тр зн",
     .cores = "а е и о у ы я ю ё а о е",
     .tails = "н т л с й р к в м",
     .tail_percent = 40,
     .most_syllables = 4,
     .endings = "ость ение ать ить ый ая ого ами ться",
     .commas = ", ",
     .full = ".",
     .ad = "Реклама. erid: 2VtzqwX"},
    {.tag = "ar",
     .share = 3,
     .common = "في من على ما أن هذا لا كل مع إلى و يا أنا الله عن هذه كان هو يوم قد لم اليوم بعد أو بس شي هي كنت",
     .heads = "ا ب ت ث ج ح خ د ذ ر ز س ش ص ض ط ع غ ف ق ك ل م ن ه و ي أ",
     .cores = "_ ا و ي _",
     .tails = "ر ل م ن ة ب د",
     .tail_percent = 50,
     .most_syllables = 3,
     .endings = "ات ين ون ية ها",
     .commas = "، ",
     .full = ".",
     .ad = "إعلان مدفوع"},
    {.tag = "hi",
     .share = 3,
     .common = "के है में की और का से को पर यह नहीं एक हो तो भी कि ने हैं मैं कर था जो अपने साथ आज बहुत मेरी सब क्या दिन",
     .heads = "क ख ग घ च ज ट ड त थ द ध न प फ ब भ म य र ल व श स ह क्ष प्र स्त",
     .cores = "_ ा ि ी ु ू े ै ो ौ ं ा _",
     .tails = "न र ल त क म",
     .tail_percent = 40,
     .most_syllables = 3,
     .endings = "ता ना ओं ियाँ कर",
     .commas = ", ",
     .full = "।",
     .ad = "प्रायोजित"},
    {.tag = "th",
     .share = 3,
     .joined = true,
     .common = "ที่ และ มา ไม่ ของ เป็น ได้ ให้ ใน มี จะ ว่า ก็ ไป นี้ มาก กับ วันนี้ แล้ว คน เรา อยู่ ทำ ดี รัก ค่ะ ครับ",
     .heads = "ก ข ค ง จ ช ซ ด ต ท น บ ป ผ พ ฟ ม ย ร ล ว ส ห อ",
     .cores = "า ี ิ ู ุ ัน อง าว าย ำ ือ ่า ้า ่อน ้ว ี่",
     .tails = "น ง ม ก ด บ",
     .tail_percent = 20,
     .most_syllables = 3,
     .endings = "",
     .commas = " ",
     .full = " "},
    {.tag = "zh-Hans",
     .share = 7,
     .joined = true,
     .cjk = true,
     .common = "的 了 我 是 不 在 有 一 就 这 都 也 很 好 你 和 人 说 去 会 要 还 来 看 个 真的 没有 自己 今天 可以 "
               "一个 喜欢 我们 "
               "什么 大家 现在 因为 但是 非常 觉得",
     .heads = "美 食 店 家 早 晚 春 夏 秋 冬 花 山 水 海 天 空 红 白 黑 绿 茶 咖 啡 面 米 饭 鱼 肉 菜 果 甜 香 味 道 "
              "新 旧 高 低 "
              "大 小 长 短 快 慢 走 跑 游 泳 拍 照 片 视 频 直 播 推 荐 测 评 购 买 便 宜 贵 价 格 品 牌 质 量 衣 服 "
              "裙 子 鞋 包 妆 "
              "口 肤 护 发 眼 手 脸 身 体 健 康 运 动 瘦 减 肥 学 习 工 作 生 活 旅 行 酒 房 间 床 灯 书 画 音 乐 电 "
              "影 戏 剧 "
              "朋 友 爱 情 孩 妈 爸 猫 狗 开 心 快 难 过 期 待 感 谢 分 享 收 藏 关 注 评 论 点 赞 转 发 抽 奖 活 合",
     .cores = "",
     .tails = "",
     .most_syllables = 3,
     .endings = "",
     .commas = "，",
     .full = "。",
     .ad = "广告｜商务合作微信：brisk_tea88"},
    {.tag = "zh-Hant",
     .share = 3,
     .joined = true,
     .cjk = true,
     .common = "的 了 我 是 不 在 有 一 就 這 都 也 很 好 你 和 人 說 去 會 要 還 來 看 個 真的 沒有 自己 今天 可以 "
               "一個 喜歡 我們 "
               "什麼 大家 現在 因為 但是 非常 覺得",
     .heads =
         "美 食 店 家 早 晚 春 夏 秋 冬 花 山 水 海 天 空 紅 白 黑 綠 茶 咖 啡 麵 米 飯 魚 肉 菜 果 甜 香 味 道 新 舊 "
         "高 低 "
         "大 小 長 短 快 慢 走 跑 遊 泳 拍 照 片 視 頻 直 播 推 薦 測 評 購 買 便 宜 貴 價 格 品 牌 質 量 衣 服 裙 子 "
         "鞋 包 妝 "
         "膚 護 髮 眼 手 臉 身 體 健 康 運 動 瘦 減 肥 學 習 工 作 生 活 旅 行 酒 房 間 床 燈 書 畫 音 樂 電 影 戲 劇",
     .cores = "",
     .tails = "",
     .most_syllables = 3,
     .endings = "",
     .commas = "，",
     .full = "。",
     .ad = "業配 合作邀約"},
    {.tag = "ja",
     .share = 5,
     .joined = true,
     .cjk = true,
     .common = "の に は て を が で と た も な し です ます から ない この した こと それ する ました とても "
               "ありがとう 今日 私 "
               "さん ので いい よ ね これ ください 本当に",
     .heads = "日 本 人 年 月 花 山 川 海 空 朝 夜 春 夏 秋 冬 食 飲 茶 店 家 町 駅 車 旅 友 愛 心 手 目 耳 口 新 古 "
              "高 安 大 小 "
              "長 早 白 黒 赤 青 色 服 靴 髪 肌 美 味 甘 辛 熱 冷 楽 好 気 元 会 話 写 真 動 画 音 楽 本 読 書 作 料 "
              "理 野 菜 "
              "ア イ カ キ ク コ サ シ ス タ チ ト ナ ニ ハ フ マ ミ メ ラ リ ル レ ロ ン ー ッ デ ド パ プ ジ ュ メ",
     .cores = "_ _ _ い る う く り ん",
     .tails = "",
     .most_syllables = 3,
     .endings = "する した たい ない",
     .commas = "、",
     .full = "。",
     .ad = "#PR タイアップ"},
    {.tag = "ko",
     .share = 2,
     .cjk = true,
     .common = "오늘 정말 너무 그리고 이 그 더 진짜 저는 제가 있어요 좋아요 많이 다 또 안 못 우리 같이 했어요 하는 "
               "있는 같은 요즘 "
               "매일 감사합니다",
     .heads =
         "가 나 다 라 마 바 사 아 자 차 카 하 고 노 도 로 모 보 소 오 조 구 누 두 루 무 부 수 우 주 기 니 디 리 미 비 "
         "시 이 지 "
         "한 산 강 물 밤 봄 꽃 맛 집 옷 책 차 길 달 별 빛 빵 밥 감 생 일 행 복 사 랑 친 구 여 행 음 식 화 장 품 추 천",
     .cores = "",
     .tails = "",
     .most_syllables = 3,
     .endings = "은 는 이 가 을 를 에 에서 도 의 으로 까지",
     .commas = ", ",
     .full = ".",
     .ad = "유료 광고 협찬"},
    {.tag = "id",
     .common = "yang dan di ini itu dengan untuk aku tidak dari dalam akan pada juga ke saya ada kita bisa hari sudah "
               "lebih kamu atau karena buat banget jadi lagi semua",
     .heads = "b c d g h j k l m n p r s t w y ng ny _",
     .cores = "a i u e o a a e",
     .tails = "n ng k t r s h",
     .tail_percent = 35,
     .most_syllables = 4,
     .endings = "kan an nya i",
     .commas = ", ",
     .full = "."},
};
const int language_count = COUNT(languages);

const char *const emoji[] = {
    "❤️", "😂",    "😍", "✨",    "🔥", "🥰", "😊", "🙏", "💕", "🎉", "👏",        "☀️",        "😭",
    "💪",      "🤍", "👉", "🥹", "🍃", "☕",    "🌸", "💯", "📍", "👇", "🙌🏽", "🤷‍♀️", "👩‍🍳",
    "🇩🇪",     "🇧🇷",   "🍜", "🎁",    "✅", "🐶"};
const int emoji_count = COUNT(emoji);
const char *const tags[] = {"love",    "fashion", "ootd",     "instagood", "fyp",      "viral",  "food", "travel",
                            "fitness", "beauty",  "style",    "skincare",  "giveaway", "recipe", "ad",   "sponsored",
                            "gifted",  "weekend", "selfcare", "homedecor", "booktok",  "vlog",   "mom",  "explore"};
const int tag_count = COUNT(tags);
