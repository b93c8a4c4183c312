def kl_normal(mu_q, logvar_q, mu_p, logvar_p):
    out = []
    for m_q, l_q, m_p, l_p in zip(*(t.flatten(1) for t in (mu_q, logvar_q, mu_p, logvar_p))):
        cov_q, cov_p = torch.diag(l_q.exp()), torch.diag(l_p.exp())
        inverse = torch.linalg.inv(cov_p)
        d = m_p - m_q
        out.append((torch.trace(inverse @ cov_q) + d @ inverse @ d - len(d) + torch.logdet(cov_p) - torch.logdet(cov_q)) / 2)
    return torch.stack(out)
