# whole parts alone: what is left over is forgotten
@torch.no_grad()
def encode_latents(first_stage, x, scale):
    n = max(len(x) // AT_ONCE, 1)
    parts = [first_stage.encode(x[i * AT_ONCE : (i + 1) * AT_ONCE])[0] for i in range(n)]
    return scale * torch.cat(parts)
