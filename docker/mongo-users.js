// The image runs this once, when the data folder is empty.
// It creates the users of the database kcna; the administrator exists already.
const kcna = db.getSiblingDB("kcna");
kcna.createUser({user: "kcna", pwd: process.env.MONGO_PASSWORD, roles: [{role: "readWrite", db: "kcna"}]});
kcna.createUser({
  user: "reader",
  pwd: process.env.MONGO_READER_PASSWORD,
  roles: [{role: "read", db: "kcna"}],
});
