//! E0599: what writes is the pen, and `tell` alone gives one.

use domain::access::Permit;
use domain::kernel::Event;
use persistence::Writing;
use persistence::session::Pen;

pub fn pen<'w, 'c>(writing: &'w mut Writing<'c>, permit: Permit, event: Event) -> Pen<'w, 'c> {
    #[cfg(misuse)]
    let _ = writing.change_one(());
    writing.tell(permit, event)
}
