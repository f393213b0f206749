/// Objects as WooCommerce's REST API, version 3, and webhooks send them, made up after the public schema.
enum WooCommerce {
    static let order = #"""
        {"id": 727, "parent_id": 0, "status": "completed", "currency": "EUR", "version": "9.1.2", "prices_include_tax": true,
         "date_created": "2026-03-01T11:15:00", "date_modified": "2026-03-05T09:00:00", "discount_total": "3.00",
         "shipping_total": "4.90", "total": "51.89", "total_tax": "8.28", "customer_id": 26, "order_key": "wc_order_x",
         "billing": {"first_name": "Jan", "last_name": "de Wit", "city": "Gent", "state": "", "postcode": "9000",
                     "country": "BE", "email": "Jan@example.com", "phone": ""},
         "shipping": {"city": "Gent", "country": "BE"}, "payment_method": "bacs", "date_paid": "2026-03-01T11:20:00",
         "number": "727", "meta_data": [{"id": 1, "key": "is_vat_exempt", "value": "no"}],
         "line_items": [
           {"id": 315, "name": "Wool blanket", "product_id": 93, "variation_id": 0, "quantity": 3, "tax_class": "",
            "subtotal": "49.99", "subtotal_tax": "8.68", "total": "46.99", "total_tax": "8.16", "sku": "BL-1",
            "price": 15.663333333333334, "taxes": [], "meta_data": []},
           {"id": 316, "name": "Sample", "product_id": 0, "variation_id": 0, "quantity": 1, "subtotal": "0.00",
            "total": "0.00", "sku": "SAMPLE", "price": 0}],
         "shipping_lines": [], "fee_lines": [], "coupon_lines": [],
         "refunds": [{"id": 729, "reason": "Torn", "total": "-16.00"}, {"id": 731, "reason": "", "total": "-0.89"}],
         "date_created_gmt": "2026-03-01T10:15:00", "date_modified_gmt": "2026-03-05T08:00:00",
         "date_completed_gmt": "2026-03-05T08:00:00", "_links": {}}
        """#

    static func order(_ id: Int, status: String, _ members: String = #""customer_id": 0"#) -> String {
        #"""
        {"id": \#(id), "status": "\#(status)", "currency": "EUR", "total": "20.00", \#(members),
         "billing": {"email": "jan@example.com"}, "line_items": [], "refunds": [],
         "date_created_gmt": "2026-03-02T10:00:00", "date_modified_gmt": "2026-03-02T10:00:00"}
        """#.replacing("\n", with: "")
    }

    static let customer = #"""
        {"id": 26, "date_created": "2025-12-01T10:00:00", "date_created_gmt": "2025-12-01T09:00:00",
         "date_modified_gmt": "2026-01-02T03:04:05", "email": "jan@example.com", "first_name": "Jan", "last_name": "de Wit",
         "role": "customer", "username": "jan", "is_paying_customer": true, "avatar_url": "https://shop.example.com/a.png",
         "billing": {"first_name": "Jan", "city": "Gent", "state": "", "postcode": "9000", "country": "BE",
                     "email": "jan@example.com", "phone": ""},
         "shipping": {"city": "", "country": ""}, "meta_data": []}
        """#
}
