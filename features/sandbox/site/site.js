// The demo shop in two languages, and its buttons that open the chat. `?lang=ar` chooses Arabic.
(() => {
  const arabic = {
    documentTitle: 'لومن هوم: إضاءة وأثاث',
    notice: 'متجر من وحي الخيال، أما الدردشة في الزاوية فحقيقية: ما تكتبه يصل إلى صندوق الوارد.',
    sections: 'أقسام الصفحة',
    scene: 'مصباح أرضي بجانب كرسي',
    navRange: 'منتجاتنا',
    navVisit: 'زورونا',
    title: 'ضوء يجعل الغرفة بيتًا',
    lead: 'مصابيح وأثاث من النحاس والزجاج وخشب الجوز، صُنعت لتبقى. حدّثنا عن غرفتك ونساعدك على الاختيار.',
    askUs: 'اسأل مستشارينا',
    rangeTitle: 'المفضّلة هذا الموسم',
    p1: 'مصباح أورورا الأرضي',
    p1Text: 'نحاس مصقول وغطاء من الكتان، 158 سم',
    p2: 'طاولة طعام أوسلو',
    p2Text: 'خشب جوز مزيّت، 180 أو 220 سم',
    p3: 'ثريا هالو',
    p3Text: 'خمس كرات زجاجية، إضاءة LED قابلة للضبط',
    p4: 'مصباح لونا الجانبي',
    p4Text: 'زجاج منفوخ يدويًا، ضوء دافئ',
    ask: 'اسأل عن هذه القطعة',
    visitTitle: 'شاهدها في ضوئها الصحيح',
    hoursTitle: 'المعرض',
    hours: 'من السبت إلى الخميس، من 10 صباحًا حتى 6 مساءً',
    phoneTitle: 'بالهاتف أو واتساب',
    footer: 'لومن هوم موجود في هذا العرض فقط، ولا شيء هنا معروض للبيع.',
  };

  const query = new URLSearchParams(location.search);
  const isArabic = query.get('lang') === 'ar';
  if (isArabic) {
    document.documentElement.lang = 'ar';
    document.documentElement.dir = 'rtl';
  }

  function translate() {
    document.title = arabic.documentTitle;
    for (const element of document.querySelectorAll('[data-text]')) element.textContent = arabic[element.dataset.text];
    for (const element of document.querySelectorAll('[data-label]'))
      element.setAttribute('aria-label', arabic[element.dataset.label]);
  }

  /** The same page in the other language; everything else in the address stays. */
  function offerOtherLanguage() {
    const link = document.getElementById('language');
    query.set('lang', isArabic ? 'en' : 'ar');
    link.href = `?${query}`;
    link.lang = link.hreflang = isArabic ? 'en' : 'ar';
    link.textContent = isArabic ? 'English' : 'العربية';
  }

  function ask() {
    if (window.ConnectGainChat) window.ConnectGainChat.open();
    else document.getElementById('visit').scrollIntoView();
  }

  document.addEventListener('DOMContentLoaded', () => {
    if (isArabic) translate();
    offerOtherLanguage();
    for (const button of document.querySelectorAll('[data-ask]')) button.addEventListener('click', ask);
  });
})();
