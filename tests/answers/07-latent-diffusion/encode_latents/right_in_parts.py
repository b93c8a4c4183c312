@torch.no_grad()
def encode_latents(first_stage, x, scale):
    parts = []
    for part in x.split(3):
        parts.append(first_stage.encode(part)[0])
    return torch.cat(parts) * scale
