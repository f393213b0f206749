/// Objects as Shopify's Admin REST API and webhooks send them, made up after the public schema.
enum Shopify {
    /// Paid and handed over, partly refunded, with a line of goods that the shop does not keep.
    static let order = #"""
        {"id": 5500000000101, "admin_graphql_api_id": "gid://shopify/Order/5500000000101", "app_id": 580111,
         "buyer_accepts_marketing": true, "cancel_reason": null, "cancelled_at": null, "closed_at": null,
         "confirmed": true, "contact_email": "ines.moreau@example.com", "created_at": "2026-03-01T10:15:00+01:00",
         "currency": "EUR", "current_total_price": "89.10", "customer_locale": "fr-FR", "discount_codes": [],
         "email": "Ines.Moreau@example.com", "financial_status": "partially_refunded", "fulfillment_status": "fulfilled",
         "gateway": null, "landing_site": null, "name": "#1101", "note": "Sonnez \"deux\" fois \ud83d\udd14", "number": 101,
         "order_number": 1101, "phone": null, "presentment_currency": "EUR", "processed_at": "2026-03-01T10:14:58+01:00",
         "subtotal_price": "109.10", "tags": "wholesale, spring", "taxes_included": true, "test": false,
         "total_discounts": "5.00", "total_price": "114.10", "total_tax": "18.22",
         "updated_at": "2026-03-09T08:00:00+01:00",
         "billing_address": {"first_name": "Ines", "city": "Lyon", "country_code": "FR", "zip": "69001"},
         "customer": {"id": 7700000000007, "email": "ines.moreau@example.com", "tags": "",
                      "default_address": {"city": "Lyon", "country_code": "FR"}},
         "line_items": [
           {"id": 1, "product_id": 8800000000001, "variant_id": 9900000000011, "title": "Walnut lamp", "name": "Walnut lamp - L",
            "vendor": "Acme", "sku": "LAMP-L", "quantity": 2, "current_quantity": 1, "price": "49.55", "total_discount": "0.00",
            "discount_allocations": [{"amount": "5.00", "discount_application_index": 0}], "gift_card": false},
           {"id": 2, "product_id": null, "variant_id": null, "title": "Gift wrap", "name": "Gift wrap", "vendor": null,
            "sku": "", "quantity": 1, "price": "10.00", "total_discount": "0.00", "discount_allocations": []}],
         "refunds": [
           {"id": 6600000000001, "order_id": 5500000000101, "created_at": "2026-03-08T12:00:00+01:00",
            "processed_at": "2026-03-08T12:00:00+01:00", "note": null, "refund_line_items": [],
            "transactions": [
              {"id": 1, "kind": "refund", "status": "success", "amount": "20.00", "currency": "EUR"},
              {"id": 2, "kind": "refund", "status": "failure", "amount": "20.00", "currency": "EUR"},
              {"id": 3, "kind": "refund", "status": "success", "amount": "5.00", "currency": "EUR"}]},
           {"id": 6600000000002, "order_id": 5500000000101, "created_at": "2026-03-09T08:00:00+01:00",
            "processed_at": "2026-03-09T08:00:00+01:00", "refund_line_items": [{"id": 3, "quantity": 1}],
            "transactions": []}]}
        """#

    /// An order with other values for some of its keys.
    static func order(_ id: Int, _ members: String) -> String {
        #"""
        {"id": \#(id), "email": "ines.moreau@example.com", "currency": "EUR", "total_price": "40.00",
         "created_at": "2026-03-02T10:00:00Z", "updated_at": "2026-03-02T10:00:00Z", "line_items": [], \#(members)}
        """#.replacing("\n", with: "")
    }

    static let customer = #"""
        {"id": 7700000000007, "email": "ines.moreau@example.com", "created_at": "2025-11-03T09:00:00+01:00",
         "updated_at": "2026-03-01T10:15:02+01:00", "first_name": "Ines", "last_name": "Moreau", "orders_count": 3,
         "state": "enabled", "total_spent": "300.00", "last_order_id": 5500000000101, "note": null, "verified_email": true,
         "tax_exempt": false, "tags": "VIP,  early bird ,", "currency": "EUR", "phone": null, "locale": "fr-FR",
         "addresses": [], "email_marketing_consent": {"state": "subscribed", "opt_in_level": "single_opt_in",
           "consent_updated_at": "2025-11-03T09:00:00+01:00"},
         "default_address": {"id": 1, "customer_id": 7700000000007, "city": "Lyon", "province": "Rhône", "province_code": null,
           "country": "France", "country_code": "FR", "zip": "69001", "default": true}}
        """#
}
