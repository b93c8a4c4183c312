def kl_normal(mu_q, logvar_q, mu_p, logvar_p):
    rows = []
    for i in range(len(mu_q)):
        s_q, s_p = torch.exp(logvar_q[i] / 2), torch.exp(logvar_p[i] / 2)
        row = torch.log(s_p) - torch.log(s_q)
        row = row + (s_q**2 + (mu_q[i] - mu_p[i]) ** 2) / (2 * s_p**2) - 0.5
        rows.append(row.sum())
    return torch.stack(rows)
