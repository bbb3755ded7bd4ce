/** The type in Go that a type of the schema lets expect; goTypes has the fields of which it is another. */
export function expectedType(type: string): string {
  return plainTypes[type] ?? (type.includes(".") ? type.slice(type.indexOf(".") + 1) : type);
}

const plainTypes: Readonly<Record<string, string>> = {
  integer: "int32",
  boolean: "bool",
  number: "float64",
  quantity: "resource.Quantity",
  intOrString: "intstr.IntOrString",
  time: "v1.Time",
  base64: "[]uint8",
};
