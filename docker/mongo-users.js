// Run once by the image, when the data folder is empty: users of the database kcna, besides the administrator.
const kcna = db.getSiblingDB("kcna");
kcna.createUser({user: "kcna", pwd: process.env.MONGO_PASSWORD, roles: [{role: "readWrite", db: "kcna"}]});
kcna.createUser({user: "reader", pwd: process.env.MONGO_READER_PASSWORD, roles: [{role: "read", db: "kcna"}]});
