//! What the kinds of conversations are called.

use domain::conversation::ConversationKind;
use domain::organisation::Language;

/// In the words of its own people.
pub const fn called(kind: ConversationKind, language: Language) -> &'static str {
    use ConversationKind as K;
    match (kind, language) {
        (K::CareerReflection, Language::Dutch) => "Loopbaangesprek",
        (K::CareerReflection, Language::English) => "Career conversation",
        (K::Leermeter, Language::Dutch) => "Leermetergesprek",
        (K::Leermeter, Language::English) => "Leermeter conversation",
        (K::ExtraSupport, Language::Dutch) => "Gesprek over extra ondersteuning",
        (K::ExtraSupport, Language::English) => "Conversation about extra support",
        (K::Sab, Language::Dutch) => "Gesprek met Student Advies en Begeleiding",
        (K::Sab, Language::English) => "Conversation with student advice and guidance",
        (K::StartProgrammeClosing, Language::Dutch) => "Afsluiting van het startprogramma",
        (K::StartProgrammeClosing, Language::English) => "Closing of the start programme",
    }
}

/// Where others may look: in a calendar, on a sheet that lies about. What is care is a conversation and no more.
pub const fn called_openly(kind: ConversationKind, language: Language) -> &'static str {
    match (kind.is_care(), language) {
        (false, _) => called(kind, language),
        (true, Language::Dutch) => "Gesprek",
        (true, Language::English) => "Conversation",
    }
}
