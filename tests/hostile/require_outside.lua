-- expect: refused no module name
require "../../etc/passwd"
