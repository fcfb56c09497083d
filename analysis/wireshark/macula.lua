-- Macula's frames in Wireshark and tshark (from 4.0 on), in captures that `macula-sim run --pcap`
-- has written:
--
--   wireshark -X lua_script:analysis/wireshark/macula.lua run.pcapng
--   tshark -X lua_script:analysis/wireshark/macula.lua -r run.pcapng -Y 'macula.type == 0x40'
--
-- Or copy it into the folder of personal Lua plugins: README.md beside this file.
--
-- A frame (dht/wire/frame.h) is a version, a type, two bytes that are ignored, the length of the
-- payload, and the payload: one MessagePack value. What dht/wire/frame.cc refuses is refused here,
-- for the same reason, in the same order; it stands in the field macula.error.

local macula = Proto("macula", "Macula")

local HEADER = 8
local VERSION = 1
local MOST_PAYLOAD = 1048576
local MOST_DEPTH = 32  -- of lists and maps: dht/wire/msgpack.h

-- As of dht/wire/message.cc; a test compares them.
local TYPES = {
  [0x01] = "connect", [0x02] = "disconnect", [0x03] = "ping", [0x04] = "pong",
  [0x10] = "publish", [0x11] = "subscribe", [0x12] = "unsubscribe", [0x13] = "pubsub_route",
  [0x20] = "call", [0x21] = "reply", [0x22] = "cast", [0x23] = "rpc_route",
  [0x30] = "swim_ping", [0x31] = "swim_ack", [0x32] = "swim_ping_req",
  [0x40] = "find_node", [0x41] = "find_node_reply", [0x42] = "store", [0x43] = "find_value",
  [0x44] = "find_value_reply", [0x48] = "relay", [0x49] = "store_refused", [0x4a] = "leave_copy",
}

local fields = {
  version = ProtoField.uint8("macula.version", "Version"),
  type = ProtoField.uint8("macula.type", "Type", base.HEX, TYPES),
  flags = ProtoField.uint8("macula.flags", "Flags, ignored", base.HEX),
  reserved = ProtoField.uint8("macula.reserved", "Reserved, ignored", base.HEX),
  length = ProtoField.uint32("macula.length", "Length of the payload", base.DEC),
  payload = ProtoField.bytes("macula.payload", "Payload"),
  message = ProtoField.string("macula.message", "Message"),
  err = ProtoField.string("macula.error", "Refused"),
  nothing = ProtoField.none("macula.nil", "nil"),
  flag = ProtoField.bool("macula.bool", "Bool"),
  unsigned = ProtoField.uint64("macula.uint", "Unsigned", base.DEC),
  signed = ProtoField.int64("macula.int", "Signed", base.DEC),
  single = ProtoField.float("macula.float", "Float"),
  double = ProtoField.double("macula.double", "Double"),
  text = ProtoField.string("macula.text", "Text", base.UNICODE),
  bytes = ProtoField.bytes("macula.bytes", "Bytes"),
  list = ProtoField.uint32("macula.list", "List", base.DEC),
  map = ProtoField.uint32("macula.map", "Map", base.DEC),
}

-- Keys of messages that have a field of their own where the value is of that sort, at any depth.
local KEYS = {
  bytes = {"target", "key", "node_id", "realm_id", "destination_node_id", "source_node_id",
           "call_id", "message_id", "owner", "signature"},
  text = {"procedure", "topic", "endpoint", "address", "payload_type", "result", "reason", "code"},
  unsigned = {"timestamp", "server_time", "timeout", "ttl", "lifetime", "since", "sequence",
              "number", "writer", "keep", "hop_count", "max_hops", "qos"},
}
local MADE = {
  bytes = function(name) return ProtoField.bytes("macula." .. name, name) end,
  text = function(name) return ProtoField.string("macula." .. name, name, base.UNICODE) end,
  unsigned = function(name) return ProtoField.uint64("macula." .. name, name, base.DEC) end,
}
local by_key = {bytes = {}, text = {}, unsigned = {}}
for sort, names in pairs(KEYS) do
  for _, name in ipairs(names) do
    local field = MADE[sort](name)
    by_key[sort][name] = field
    fields["key_" .. name] = field
  end
end
macula.fields = fields

local refused = ProtoExpert.new("macula.refused", "Macula refuses this frame", expert.group.MALFORMED,
                                expert.severity.ERROR)
local cut_off = ProtoExpert.new("macula.cut_off", "The capture has only a part of this frame",
                                expert.group.UNDECODED, expert.severity.NOTE)
macula.experts = {refused, cut_off}

-- What the capture says of the packet: "lost eu#0 > eu#7, exchange eu#0/12".
local comment_field = Field.new("frame.comment")

-- ----- MessagePack -----

-- Reads one value after the other, and shows it. What it returns: the place behind the value, or
-- nil where there is none: then `why` is "msgpack_decode_error", or "cut_off" where the capture
-- ends before the payload does.
local Reader = {}
Reader.__index = Reader

-- Of the payload from `start` to `stop`.
function Reader.new(tvb, start, stop)
  return setmetatable({tvb = tvb, start = start, stop = stop, captured = math.min(stop, tvb:len()),
                       values = 0}, Reader)
end

function Reader:fail(why)
  self.why = self.why or why
  return nil
end

-- Whether so many bytes are there.
function Reader:has(at, count)
  if count > self.stop - at then return self:fail("msgpack_decode_error") end
  if count > self.captured - at then return self:fail("cut_off") end
  return true
end

function Reader:number(at, bytes)
  return self.tvb(at, bytes):uint()
end

-- The item.
function Reader:show(tree, field, at, count, value)
  local range = self.tvb(at, count)
  if value ~= nil then return tree:add(field, range, value) end
  return tree:add(field, range)
end

local function label(item, key, text)
  if text ~= nil then item:set_text((key and key .. ": " or "") .. text)
  elseif key then item:prepend_text(key .. ": ") end
end

-- Only printable ASCII: all else is shown as bytes.
local function printable(raw)
  return raw:find("^[\32-\126]+$") ~= nil
end

function Reader:shown_bytes(tree, key, at, head, size)
  local start = at + head
  if not self:has(at, head + size) then return nil end
  if size == 0 then
    label(self:show(tree, fields.text, at, head, ""), key, "empty")
    return start
  end
  local sort = printable(self.tvb(start, size):raw()) and "text" or "bytes"
  local named = key and (by_key[sort][key] or by_key.bytes[key])
  local item = self:show(tree, named or fields[sort], start, size)
  if not named then label(item, key) end
  return start + size
end

function Reader:shown_unsigned(tree, key, at, size)
  local named = key and by_key.unsigned[key]
  local item = self:show(tree, named or fields.unsigned, at, size)
  if not named then label(item, key) end
  return at + size
end

-- `size` bytes behind the head, read as they stand.
function Reader:shown_integer(tree, key, at, size, signed)
  if not self:has(at, 1 + size) then return nil end
  local range = self.tvb(at + 1, size)
  if signed and range(0, 1):uint() >= 0x80 then
    label(self:show(tree, fields.signed, at + 1, size), key)
    return at + 1 + size
  end
  return self:shown_unsigned(tree, key, at + 1, size)
end

-- One that is not finite is none of Macula's.
function Reader:shown_real(tree, key, at, size)
  if not self:has(at, 1 + size) then return nil end
  local head = self:number(at + 1, 2) % 0x8000  -- without the sign
  if head >= (size == 4 and 0x7f80 or 0x7ff0) then return self:fail("msgpack_decode_error") end
  label(self:show(tree, size == 4 and fields.single or fields.double, at + 1, size), key)
  return at + 1 + size
end

-- A text that is a key, and the place behind it.
function Reader:key(at)
  if not self:has(at, 1) then return nil end
  local head = self:number(at, 1)
  local length = 0  -- bytes of the length
  local size
  if head >= 0xa0 and head <= 0xbf then size = head - 0xa0
  elseif head == 0xc4 or head == 0xd9 then length = 1
  elseif head == 0xc5 or head == 0xda then length = 2
  elseif head == 0xc6 or head == 0xdb then length = 4
  else return self:fail("msgpack_decode_error") end
  if not self:has(at, 1 + length) then return nil end
  size = size or self:number(at + 1, length)
  if not self:has(at, 1 + length + size) then return nil end
  local start = at + 1 + length
  local text = size > 0 and self.tvb(start, size):raw() or ""
  if not printable(text) then text = size > 0 and self.tvb(start, size):bytes():tohex() or '""' end
  return text, start + size
end

function Reader:container(tree, key, at, head, count, depth, is_map)
  local claimed = is_map and 2 * count or count
  self.values = self.values + claimed
  if depth > MOST_DEPTH or self.values > self.stop - self.start then
    return self:fail("msgpack_decode_error")
  end
  local place = at + head
  local item = self:show(tree, is_map and fields.map or fields.list, at, head, count)
  label(item, key, string.format("%s of %d", is_map and "map" or "list", count))
  for i = 1, count do
    local name = not is_map and tostring(i - 1) or nil
    local start = place
    if is_map then
      name, place = self:key(place)
      if name == nil then return nil end
    end
    place = self:value(item, name, place, depth + 1)
    if place == nil then return nil end
  end
  item:set_len(place - at)
  return place
end

-- Heads that are followed by a length of 1, 2 or 4 bytes, or by a value.
local STRINGS = {[0xc4] = 1, [0xc5] = 2, [0xc6] = 4, [0xd9] = 1, [0xda] = 2, [0xdb] = 4}
local UNSIGNED = {[0xcc] = 1, [0xcd] = 2, [0xce] = 4, [0xcf] = 8}
local SIGNED = {[0xd0] = 1, [0xd1] = 2, [0xd2] = 4, [0xd3] = 8}
local REALS = {[0xca] = 4, [0xcb] = 8}
local LISTS = {[0xdc] = 2, [0xdd] = 4}
local MAPS = {[0xde] = 2, [0xdf] = 4}

function Reader:value(tree, key, at, depth)
  if not self:has(at, 1) then return nil end
  local head = self:number(at, 1)
  if head <= 0x7f then return self:shown_unsigned(tree, key, at, 1) end
  if head >= 0xe0 then
    label(self:show(tree, fields.signed, at, 1), key)
    return at + 1
  end
  if head <= 0x8f then return self:container(tree, key, at, 1, head - 0x80, depth, true) end
  if head <= 0x9f then return self:container(tree, key, at, 1, head - 0x90, depth, false) end
  if head == 0xa0 then  -- Macula's empty list
    label(self:show(tree, fields.list, at, 1, 0), key, "list of 0")
    return at + 1
  end
  if head <= 0xbf then return self:shown_bytes(tree, key, at, 1, head - 0xa0) end
  if head == 0xc0 then
    label(self:show(tree, fields.nothing, at, 1), key)
    return at + 1
  end
  if head == 0xc2 or head == 0xc3 then
    label(self:show(tree, fields.flag, at, 1, head == 0xc3), key)
    return at + 1
  end
  local length = STRINGS[head] or LISTS[head] or MAPS[head]
  if length ~= nil then
    if not self:has(at, 1 + length) then return nil end
    local count = self:number(at + 1, length)
    if STRINGS[head] == nil then
      return self:container(tree, key, at, 1 + length, count, depth, MAPS[head] ~= nil)
    end
    if count == 0 and head >= 0xd9 then
      label(self:show(tree, fields.list, at, 1 + length, 0), key, "list of 0")
      return at + 1 + length
    end
    return self:shown_bytes(tree, key, at, 1 + length, count)
  end
  if UNSIGNED[head] then return self:shown_integer(tree, key, at, UNSIGNED[head], false) end
  if SIGNED[head] then return self:shown_integer(tree, key, at, SIGNED[head], true) end
  if REALS[head] then return self:shown_real(tree, key, at, REALS[head]) end
  return self:fail("msgpack_decode_error")  -- c1, and extension types
end

-- ----- frames -----

local function refuse(tree, why)
  local item = tree:add(fields.err, why)
  item:set_generated()
  item:add_proto_expert_info(refused, "Macula refuses this frame: " .. why)
  return why
end

-- The payload from `start` to `stop`, which may lie behind what was captured. Why it is refused, if
-- it is.
local function show_payload(tvb, start, stop, tree)
  local captured = math.min(stop, tvb:len()) - start
  local item = tree
  if captured > 0 then item = tree:add(fields.payload, tvb(start, captured)) end
  local reader = Reader.new(tvb, start, stop)
  local place = reader:value(item, nil, start, 1)
  if place ~= nil and place ~= stop then reader:fail("msgpack_decode_error") end
  if reader.why == "cut_off" then
    item:add_proto_expert_info(cut_off)
    return nil
  end
  return reader.why and refuse(tree, reader.why)
end

-- The frame that begins at `at`. Its name for the column; why it is refused, if it is; and where it
-- ends, or nil where that is not known.
local function show_frame(tvb, at, root)
  local tree = at < tvb:len() and root:add(macula, tvb(at)) or root:add(macula, tvb())
  local whole = tvb:reported_len() - at
  if whole < HEADER then return "frame", refuse(tree, "invalid_header"), nil end
  if tvb:len() - at < HEADER then
    tree:add_proto_expert_info(cut_off)
    return "frame", nil, nil
  end
  local number = tvb(at + 1, 1):uint()
  local length = tvb(at + 4, 4):uint()
  local name = TYPES[number] or string.format("type 0x%02x", number)
  tree:add(fields.version, tvb(at, 1))
  tree:add(fields.type, tvb(at + 1, 1))
  tree:add(fields.message, tvb(at + 1, 1), name):set_generated()
  tree:add(fields.flags, tvb(at + 2, 1))
  tree:add(fields.reserved, tvb(at + 3, 1))
  tree:add(fields.length, tvb(at + 4, 4))
  if tvb(at, 1):uint() ~= VERSION then return name, refuse(tree, "unsupported_version"), nil end
  if length > whole - HEADER then return name, refuse(tree, "incomplete_payload"), nil end
  local stop = at + HEADER + length
  tree:set_len(math.min(stop, tvb:len()) - at)
  if length > MOST_PAYLOAD then return name, refuse(tree, "payload_too_large"), stop end
  if TYPES[number] == nil then return name, refuse(tree, "unknown_type"), stop end
  return name, show_payload(tvb, at + HEADER, stop, tree), stop
end

function macula.dissector(tvb, pinfo, root)
  pinfo.cols.protocol = "Macula"
  local comment = comment_field()
  local told = {comment and tostring(comment.value):match("^%l+") or nil}
  local place = 0
  repeat
    local name, wrong, stop = show_frame(tvb, place, root)
    told[#told + 1] = name .. (wrong and ", refused: " .. wrong or "")
    place = stop or tvb:len()
  until place + HEADER > tvb:len()
  pinfo.cols.info = table.concat(told, " ")
  return tvb:len()
end
