from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0029_checklist_drafts')]

    initial = False

    operations = [
        ops.CreateModel(
            name='CodeOverride',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('code', fields.CharField(db_index=True, max_length=18)),
                ('expected', fields.CharField(default='', max_length=1)),
                ('target', fields.CharField(max_length=32)),
                ('department', fields.CharField(max_length=16)),
                ('reason', fields.CharField(max_length=500)),
                ('proposed_by', fields.CharField(max_length=120)),
                ('proposed_at', UtcDatetimeField()),
                ('agreed', fields.BooleanField(null=True)),
                ('decided_by', fields.CharField(default='', max_length=120)),
                ('decided_at', UtcDatetimeField(null=True)),
                ('decision', fields.CharField(default='', max_length=500)),
                ('ended_by', fields.CharField(default='', max_length=120)),
                ('ended_at', UtcDatetimeField(null=True)),
                ('end_reason', fields.CharField(default='', max_length=500)),
            ],
            options={'table': 'code_override', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
