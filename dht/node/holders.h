// The holders of a key, as far as a node knows of them: the k closest to it.
#pragma once

#include "dht/contact/contact_list.h"
#include "dht/node/context.h"

namespace macula::dht {

// The k closest to the target in the table. `but`: who asks, and so is left out, under whatever
// alias; kNoContact where it is not told.
[[nodiscard]] ContactList closest_known(const Context& context, const NodeId& target,
                                        ContactRef but);

// Whether this node is one of the k closest to the key that it knows of. Else what it has under
// the key may have been replaced or withdrawn without its hearing of it.
[[nodiscard]] bool is_holder(const Context& context, const Key& key);

}  // namespace macula::dht
