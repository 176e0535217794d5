//! E0451: `tell` alone gives a pen.

use domain::access::Permit;
use domain::kernel::Event;
use persistence::Writing;
use persistence::session::Pen;

pub fn pen<'w, 'c>(writing: &'w mut Writing<'c>, permit: Permit, event: Event) -> Pen<'w, 'c> {
    #[cfg(misuse)]
    return {
        let _ = (permit, event);
        Pen { reading: &mut *writing }
    };
    #[cfg(not(misuse))]
    return writing.tell(permit, event);
}
